import base from './playwright.config.ts';

/** `npm run pictures`: no tests, but the README's pictures, taken from the demo. */
export default { ...base, projects: [{ name: 'pictures', testMatch: 'readme.pictures.ts' }] };
