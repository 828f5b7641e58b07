import { commonPasswords } from '../adapters/common-passwords.ts'
import { passwordRules } from '../core/password-change.ts'
import type { PasswordRules } from '../core/password-change.ts'

/** Words that everybody would try here first. */
const product = ['infusion watch', 'infusionwatch', 'infusion', 'watch', 'nurse', 'alarm', 'pump', 'hospital']

/** What a password of this site may be. */
export const rulesOfSite = (site: string): PasswordRules => passwordRules(commonPasswords(), [...product, site])
