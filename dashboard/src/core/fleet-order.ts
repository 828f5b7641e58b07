import type { HubId, PumpId } from '#domain/ids.ts'
import type { HubView, PumpView } from '#domain/live/views.ts'

type Placed = Pick<PumpView, 'pumpId' | 'hubId' | 'label'>

const words = new Intl.Collator('en', { numeric: true })

/** The pumps of one hub stand together, hubs by name, pumps by label: a hub that is silent is seen as one block. */
export const fleetOrder = (
  pumps: Iterable<Placed>,
  hubs: ReadonlyMap<HubId, Pick<HubView, 'name'>>,
): readonly PumpId[] => {
  const hubName = (id: HubId): string => hubs.get(id)?.name ?? id
  return [...pumps]
    .toSorted(
      (a, b) =>
        (a.hubId === b.hubId
          ? 0
          : words.compare(hubName(a.hubId), hubName(b.hubId)) || words.compare(a.hubId, b.hubId)) ||
        words.compare(a.label ?? a.pumpId, b.label ?? b.pumpId) ||
        words.compare(a.pumpId, b.pumpId),
    )
    .map(({ pumpId }) => pumpId)
}
