import base from './playwright.config.ts';

/** `npm run test:wander`: hands that press and click anything, for as long as one likes; not part of `npm test`. */
export default { ...base, timeout: 600_000, projects: [{ name: 'wander', testMatch: 'random.wander.ts' }] };
