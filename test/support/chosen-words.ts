/** What an option names, with commas, out of what there is; nothing asked: all of it. Throws a `TypeError` that says what there is. */
export const chosenWords = <T extends string>(
  name: string,
  known: readonly T[],
  asked: string | undefined,
): readonly T[] => {
  if (asked === undefined) return known
  return asked.split(',').map((word) => {
    const found = known.find((one) => one === word.trim())
    if (found === undefined) throw new TypeError(`no ${name} "${word}"; there are: ${known.join(', ')}`)
    return found
  })
}
