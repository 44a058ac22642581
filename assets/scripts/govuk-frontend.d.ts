// GOV.UK Frontend comes without types; this is what the pages use of it.
declare module 'govuk-frontend' {
  interface ComponentClass { readonly moduleName: string }

  export const Accordion: ComponentClass
  export const Button: ComponentClass
  export const CharacterCount: ComponentClass
  export const Checkboxes: ComponentClass
  export const ErrorSummary: ComponentClass
  export const ExitThisPage: ComponentClass
  export const NotificationBanner: ComponentClass
  export const PasswordInput: ComponentClass
  export const Radios: ComponentClass
  export const ServiceNavigation: ComponentClass
  export const SkipLink: ComponentClass
  export const Tabs: ComponentClass

  export function createAll (component: ComponentClass, config: object, scope: Element): unknown[]
}
