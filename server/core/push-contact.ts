// Names that lead nowhere on the internet (RFC 2606, 6761, 6762, 8375 and what routers make up).
const nowhere = ['invalid', 'test', 'example', 'localhost', 'local', 'internal', 'lan', 'home', 'arpa', 'corp']

const hostOf = (contact: string): string | null => {
  const [, mailHost] = /^mailto:[^\s@]+@([^\s@?]+)/.exec(contact) ?? []
  if (mailHost !== undefined) return mailHost
  const url = URL.parse(contact)
  return url?.protocol === 'https:' ? url.hostname : null
}

/**
 * Whether an operator of a push service could reach whoever runs this server: `mailto:` or `https:` with a public name. Some services refuse
 * pushes that name anything else (dashboard.md W20).
 */
export const isRealContact = (contact: string): boolean => {
  const host = hostOf(contact)
  if (host === null || /^[\d.:[\]]+$/.test(host)) return false
  const labels = host.toLowerCase().split('.')
  return labels.length > 1 && labels.every((label) => label !== '') && !nowhere.includes(labels.at(-1) ?? '')
}
