/** The shape of a set of texts: the same keys and parameters, with any words. */
export type MessagesOf<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Key in keyof T]: MessagesOf<T[Key]> };
