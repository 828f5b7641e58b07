import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonPasswords } from '#server/adapters/common-passwords.ts'
import { passwordRules } from '#server/core/password-change.ts'

const rules = passwordRules(commonPasswords(), ['infusion watch', 'watch', 'infusion', 'North Hospital'])
const fault = async (password: string) => await rules(password, 'm.osei')

describe('a password', () => {
  it.each([
    ['seven77', 'too-short'],
    ['12345678', 'common'],
    ['Password', 'common'],
    ['iloveyou!', 'common'],
    ['password2026', 'common'],
    ['!!sunshine1', 'common'],
    ['aaaaaaaaaaaa', 'common'],
    ['abcabcabcabc', 'common'],
    ['fghijklmnop', 'common'],
    ['98765432', 'common'],
    ['m.osei2026', 'about-you'],
    ['OseiOsei1!', 'about-you'],
    ['infusionwatch', 'about-you'],
    ['Infusion-Watch-1', 'about-you'],
    ['north-hospital', 'about-you'],
  ])('%s is refused: %s', async (password, why) => {
    expect(await fault(password)).toBe(why)
  })

  it.each([
    'correct horse battery staple',
    'osei likes green tea in the morning',
    'кот сидит у окна',
    'wgtrkjzq',
    '🐘🦒🦓🦏🐘🦒🦓🦔',
    'x'.padEnd(40, 'yz ab'),
  ])('%s is taken: no rule says what it has to be made of', async (password) => {
    expect(await fault(password)).toBeNull()
  })

  it('of 64 and of 256 characters is taken, a longer one is not', async () => {
    const long = 'it rained on the roof of the old boat house '.repeat(8)
    expect(await fault(long.slice(0, 64))).toBeNull()
    expect(await fault(long.slice(0, 256))).toBeNull()
    expect(await fault(long.slice(0, 257))).toBe('too-long')
  })

  it('that the server makes up is always taken', async () => {
    const characters = fc.array(fc.constantFrom(...Array.from('abcdefghjkmnpqrstuvwxyz23456789')), {
      minLength: 5,
      maxLength: 5,
    })
    const made = fc.array(
      characters.map((group) => group.join('')),
      { minLength: 4, maxLength: 4 },
    )
    const varied = made.filter((groups) => new Set(groups.join('')).size > 6)
    await fc.assert(fc.asyncProperty(varied, async (groups) => (await fault(groups.join('-'))) === null))
  })

  it('is looked for among 17,950 of 8 characters and more that were breached', async () => {
    const isCommon = await commonPasswords()()
    expect(['password1', 'qwertyuiop', 'trustno1', 'football1'].every((word) => isCommon(word))).toBe(true)
  })
})
