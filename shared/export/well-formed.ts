/** Half a surrogate pair, which a hostile name may hold, can be put neither in an address nor in UTF-8. */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
