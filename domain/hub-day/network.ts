/**
 * The part of an address that hubs behind one line or in one provider's net share: /24 of IPv4, /48 of IPv6. Null: not an address.
 * Not the whole address: it would say where a patient is online.
 */
export const networkOf = (address: string): string | null => {
  const four = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/i.exec(address)
  if (four !== null) return `${four[1]}.${four[2]}.${four[3]}.0/24`
  const plain = address.split('%')[0] ?? ''
  if (!/^[0-9a-f:]+$/i.test(plain) || !plain.includes(':')) return null
  const [head = '', tail] = plain.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const hole = tail === undefined ? 0 : 8 - before.length - after.length
  if (hole < 0 || before.length + after.length > 8) return null
  const groups = [...before, ...Array.from({ length: hole }, () => '0'), ...after]
  return groups.length === 8 ? `${groups.slice(0, 3).map(short).join(':')}::/48` : null
}

const short = (group: string): string => group.replace(/^0+(?=.)/, '')
