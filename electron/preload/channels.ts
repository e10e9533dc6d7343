/** Channels between the preload script and main. */
export const REQUEST_HUB_PORT_CHANNEL = 'patchbay:request-hub-port';
export const HUB_PORT_CHANNEL = 'patchbay:hub-port';
