// The groups of what runs out first, without a schema library: pages read them.

/**
 * In the order of the answer. `runs-out`: program or battery, by time. `stands`: a program that is stopped on the way. `not-known`: it may
 * run out and nobody can say when. `next-start`: nothing runs, the next delivery is planned.
 */
export const supplyGroups = ['runs-out', 'stands', 'not-known', 'next-start'] as const
export type SupplyGroup = (typeof supplyGroups)[number]
