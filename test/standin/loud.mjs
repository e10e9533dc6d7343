// @ts-check
// Whatever of Electron's API is not pretended here must fail with its name, never be silently undefined.
import { EventEmitter } from 'node:events';

/** Keys that inspection, serialisation and `await` look for on any object. */
const LOOKED_FOR = new Set(['then', 'toJSON', 'inspect', 'asymmetricMatch', 'nodeType', '$$typeof']);

/**
 * @param {string} name
 * @param {PropertyKey} key
 */
function missing(name, key) {
  return new Error(
    `stand-in: ${name}.${String(key)} is not implemented; add it below test/standin, or run on the real Electron`,
  );
}

/**
 * An EventEmitter to derive from, whose instances throw when a member is read that no class of the chain has. The
 * trap sits at the end of the prototype chain, so members that exist cost nothing.
 * @param {string} name
 * @returns {typeof EventEmitter}
 */
export function loudEmitter(name) {
  class LoudEmitter extends EventEmitter {}
  const trap = new Proxy(EventEmitter.prototype, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || LOOKED_FOR.has(key))
        return Reflect.get(target, key, receiver);
      throw missing(name, key);
    },
  });
  Object.setPrototypeOf(LoudEmitter.prototype, trap);
  return /** @type {typeof EventEmitter} */ (/** @type {unknown} */ (LoudEmitter));
}

/**
 * The same for a plain object such as `dialog`. Members may be replaced, as specs do to answer dialogs.
 * @template {object} T
 * @param {string} name
 * @param {T} members
 * @returns {T}
 */
export function loudObject(name, members) {
  return new Proxy(members, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || LOOKED_FOR.has(key))
        return Reflect.get(target, key, receiver);
      throw missing(name, key);
    },
  });
}
