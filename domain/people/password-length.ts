/** In characters. 15 and more are recommended. */
export const passwordLength = { least: 8, recommended: 15, most: 256 } as const
