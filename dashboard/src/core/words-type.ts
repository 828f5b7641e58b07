/** The English object with every text widened to `string`: what another language has to give, proved by the compiler. */
export type WordsLike<T> = T extends string
  ? string
  : T extends (...args: infer A) => infer R
    ? (...args: A) => WordsLike<R>
    : { readonly [K in keyof T]: WordsLike<T[K]> }
