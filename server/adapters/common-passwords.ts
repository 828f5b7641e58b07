const read = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}

/**
 * The common and breached passwords that `@zxcvbn-ts/language-common` (MIT) gathers from published breaches: 49,233, of which those with
 * 8 characters and more are 17,950. Read when the first password is chosen; nothing leaves this machine.
 */
export const commonPasswords = (): (() => Promise<(word: string) => boolean>) => {
  let known: Promise<ReadonlySet<string>> | null = null
  return async () => {
    const words = await (known ??= read())
    return (word) => words.has(word)
  }
}
