// What every page runs.  Pages read and work without it.
import {
  Accordion, Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, NotificationBanner,
  PasswordInput, Radios, ServiceNavigation, SkipLink, Tabs, createAll
} from 'govuk-frontend'

import { enhanceCharts } from './charts'
import { followImports } from './imports'
import { offerPointMaps } from './point'
import { enhanceUploads } from './upload'

const components = [
  Accordion, Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, NotificationBanner,
  PasswordInput, Radios, ServiceNavigation, SkipLink, Tabs
]

/** Also for a part of the page that came later. */
function enhance (scope: HTMLElement): void {
  for (const component of components) createAll(component, {}, scope)
  enhanceCharts(scope)
  enhanceUploads(scope, enhance)
  followImports(scope)
  offerPointMaps(scope)
}

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
enhance(document.body)
