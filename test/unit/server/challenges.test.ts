import { beforeEach, describe, expect, it } from 'vitest'
import { instant } from '#domain/time.ts'
import { challengeSecrets } from '#server/adapters/factor-secrets.ts'
import { challengeLifeMs, Challenges } from '#server/core/challenges.ts'
import { CodeBrake } from '#server/core/code-brake.ts'

const now = instant(1_800_000_000_000)
const later = (ms: number) => instant(now + ms)
const text = (challenge: Uint8Array): string => Buffer.from(challenge).toString('base64url')
let challenges: Challenges

beforeEach(() => {
  challenges = new Challenges(challengeSecrets())
})

describe('a challenge', () => {
  it('is good once', () => {
    const challenge = text(challenges.next(now))
    expect(challenges.use(challenge, later(1000))).toBe(true)
    expect(challenges.use(challenge, later(2000))).toBe(false)
  })

  it('is good for five minutes, and not before it was made', () => {
    const [late, early] = [text(challenges.next(now)), text(challenges.next(later(1000)))]
    expect(challenges.use(late, later(challengeLifeMs))).toBe(false)
    expect(challenges.use(late, later(challengeLifeMs - 1))).toBe(true)
    expect(challenges.use(early, now)).toBe(false)
  })

  it('of another process, and one with any bit changed, is none', () => {
    expect(challenges.use(text(new Challenges(challengeSecrets()).next(now)), now)).toBe(false)
    for (let bit = 0; bit < 48 * 8; bit += 1) {
      const changed = challenges.next(now)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(challenges.use(text(changed), later(1000))).toBe(false)
    }
    for (const wrong of ['', 'x', 'A'.repeat(64), `${'A'.repeat(63)}=`, 'A'.repeat(100_000)])
      expect(challenges.use(wrong, now)).toBe(false)
  })

  it('of hers is still good when somebody else has asked for very many', () => {
    const hers = text(challenges.next(now))
    for (let asked = 0; asked < 20_000; asked += 1) challenges.next(now)
    expect(challenges.use(hers, later(1000))).toBe(true)
  })
})

describe('codes of six digits', () => {
  it('may be wrong five times, then one is looked at in 30 s, whatever address it comes from', () => {
    const brake = new CodeBrake()
    for (let tries = 0; tries < 5; tries += 1) expect(brake.take('u-1', `10.0.0.${tries}`, 0)).toBe(0)
    expect(brake.take('u-1', '10.0.0.9', 0)).toBe(30_000)
    expect(brake.take('u-1', '10.0.0.8', 29_999)).toBe(1)
    expect(brake.take('u-1', '10.0.0.8', 30_000)).toBe(0)
    expect(brake.take('u-1', '10.0.0.7', 30_001)).toBe(29_999)
    expect(brake.take('u-2', '10.0.0.7', 30_001)).toBe(0)
  })

  it('of the person herself, where she proved herself before, wait for nobody else’s', () => {
    const brake = new CodeBrake()
    expect(brake.take('u-1', 'home', 0)).toBe(0)
    brake.right('u-1', 'home')
    for (let tries = 0; tries < 1000; tries += 1) brake.take('u-1', 'elsewhere', tries)
    expect(brake.take('u-1', 'elsewhere', 1000)).toBeGreaterThan(0)
    expect(brake.take('u-1', 'home', 1000)).toBe(0)
  })

  it('let at most 2,885 tries a day through', () => {
    const brake = new CodeBrake()
    let looked = 0
    for (let ms = 0; ms < 86_400_000; ms += 1000) if (brake.take('u-1', String(ms), ms) === 0) looked += 1
    expect(looked).toBeLessThanOrEqual(2885)
  })
})
