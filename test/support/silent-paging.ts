import type { PagingDesk } from '#server/core/paging/paging-desk.ts'

/** Paging that has never paged anybody. */
export const silentPaging: PagingDesk = {
  of: async () => ({ calls: [], passed: [], noticed: [], next: null }),
  noticed: async () => undefined,
  shown: () => undefined,
  pressed: () => undefined,
}
