// Every page there is, each looked at by every test of this folder.
//
// path: where it is · status: what it answers, if not 200 · map: it has one · filters: it has
// controls that the keyboard must reach.

const county = 'area=larkenshire&type=drugs&from=2023-04&to=2024-03'

export const pages = [
  { name: 'overview', path: '/' },
  { name: 'profile', path: `/profile?${county}`, map: true, filters: true },
  { name: 'profile-wrong', path: '/profile?area=nowhere&type=drugs&from=2024-13&to=2024-03', status: 400 },
  { name: 'areas', path: '/areas' },
  { name: 'area', path: '/areas/X01000001' },
  { name: 'authority', path: '/areas/X06000001', map: true },
  { name: 'compare', path: `/compare?${county}` },
  { name: 'sources', path: '/sources' },
  { name: 'source', path: '/sources/1' },
  { name: 'import', path: '/import' },
  { name: 'methods', path: '/methods' },
  { name: 'api', path: '/api' },
  { name: 'accessibility', path: '/accessibility' },
  { name: 'not-found', path: '/no-such-page', status: 404 }
]
