import type { PasswordFault } from '#domain/people/factors.ts'

/** The text for what the server said; null: it was something else. */
export const faultText = (faults: Readonly<Record<PasswordFault, string>>, detail: string | undefined): string | null =>
  Object.entries(faults).find(([fault]) => fault === detail)?.[1] ?? null
