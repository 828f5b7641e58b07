const dayMs = 24 * 3_600_000
const weekMs = 7 * dayMs

/** Once a week the whole file is checked. A wall clock decides only how thorough a look is, so a wrong one costs a look. */
export const isCheckDue = (lastCheckAt: unknown, wallAt: number): boolean =>
  typeof lastCheckAt !== 'number' || wallAt - lastCheckAt >= weekMs || lastCheckAt - wallAt > dayMs
