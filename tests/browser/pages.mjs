// Every page there is, each looked at by every test of this folder.
//
// path: where it is · scrolls: it holds tables or drawings · map: it holds a map · charts: its
// charts speak · filters: the control that the keyboard must reach.

const county = 'area=larkenshire&type=drugs&from=2023-04&to=2024-03'

export const pages = [
  { name: 'overview', path: '/' },
  { name: 'profile', path: `/profile?${county}`, map: true, charts: true, filters: '.app-filter select' },
  { name: 'profile-wrong', path: '/profile?area=nowhere&type=drugs&from=2024-13&to=2024-03', status: 422 },
  { name: 'areas', path: '/areas' },
  { name: 'area', path: '/areas/X01000001', charts: true },
  { name: 'compare', path: `/compare?${county}`, charts: true },
  { name: 'sources', path: '/sources' },
  { name: 'source', path: '/sources/1' },
  { name: 'import', path: '/import' },
  { name: 'methods', path: '/methods' },
  { name: 'api', path: '/api' },
  { name: 'accessibility', path: '/accessibility' },
  { name: 'not-found', path: '/no-such-page', status: 404 }
]
