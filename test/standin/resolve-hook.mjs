// @ts-check
let electronUrl = '';

/** @param {{url: string}} data */
export function initialize(data) {
  electronUrl = data.url;
}

/**
 * @param {string} specifier
 * @param {object} context
 * @param {(specifier: string, context: object) => Promise<object>} next
 */
export async function resolve(specifier, context, next) {
  if (specifier !== 'electron') return next(specifier, context);
  return { url: electronUrl, format: 'module', shortCircuit: true };
}
