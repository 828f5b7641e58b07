/** A screen with a list; `query` is what its address says after `?`: a view or a filter, never what somebody searched for. */
export type ListName =
  | 'pumps'
  | 'hubs'
  | 'handover'
  | 'history'
  | 'simulator'
  | 'audit'
  | 'people'
  | 'registry'
  | 'plan'

export type Screen =
  | { readonly name: 'alarms' }
  | { readonly name: 'pump'; readonly pumpId: string }
  | { readonly name: ListName; readonly query?: string }

const listNames: readonly ListName[] = [
  'pumps',
  'hubs',
  'handover',
  'history',
  'simulator',
  'audit',
  'people',
  'registry',
  'plan',
]

/** The start page of a telephone, and what a pressed page opens: the most urgent alarm that nobody has (dashboard.md W24). */
export const urgentAddress = '#/urgent'

/** What stands in a link that lets somebody in for the first time; null: the address is another one. */
export const invitationIn = (hash: string): string | null => /^#\/invited\/([\w-]+)$/.exec(hash)?.[1] ?? null

/** From the part after `#`. Ids of devices only: no label ever stands in an address. */
export const parseRoute = (hash: string): Screen => {
  const [path = '', query] = hash.replace(/^#?\/?/, '').split('?')
  const [name, id] = path.split('/')
  if (name === 'pumps' && id !== undefined && id !== '') return { name: 'pump', pumpId: decode(id) }
  const list = listNames.find((known) => known === name)
  if (list === undefined) return { name: 'alarms' }
  return query === undefined || query === '' ? { name: list } : { name: list, query }
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const routeTo = (screen: Screen): string => {
  switch (screen.name) {
    case 'alarms':
      return '#/'
    case 'pump':
      return `#/pumps/${encodeURIComponent(screen.pumpId)}`
    case 'pumps':
    case 'hubs':
    case 'handover':
    case 'history':
    case 'simulator':
    case 'audit':
    case 'people':
    case 'registry':
    case 'plan':
      return screen.query === undefined ? `#/${screen.name}` : `#/${screen.name}?${screen.query}`
  }
}
