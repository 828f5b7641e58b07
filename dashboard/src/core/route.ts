export type Screen =
  | { readonly name: 'alarms' }
  | { readonly name: 'pumps' }
  | { readonly name: 'pump'; readonly pumpId: string }
  | { readonly name: 'hubs' }

/** From the part after `#`. Ids of devices only: no label ever stands in an address. */
export const parseRoute = (hash: string): Screen => {
  const [name, id] = hash.replace(/^#?\/?/, '').split('/')
  if (name === 'pumps') return id === undefined || id === '' ? { name: 'pumps' } : { name: 'pump', pumpId: decode(id) }
  if (name === 'hubs') return { name: 'hubs' }
  return { name: 'alarms' }
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
    case 'pumps':
      return '#/pumps'
    case 'pump':
      return `#/pumps/${encodeURIComponent(screen.pumpId)}`
    case 'hubs':
      return '#/hubs'
  }
}
