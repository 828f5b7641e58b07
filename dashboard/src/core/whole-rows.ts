/** So many are drawn whole before it is known what the window shows. */
const firstRows = 14

/** Whether a row that has just come is drawn whole at once: at the head of the list, or beside one that is near the window. */
export const beginsWhole = <Id>(order: readonly Id[], id: Id, near: ReadonlySet<Id>): boolean => {
  const at = order.indexOf(id)
  if (at < firstRows) return true
  return [order[at - 1], order[at + 1]].some((beside) => beside !== undefined && near.has(beside))
}
