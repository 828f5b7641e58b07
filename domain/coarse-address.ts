/** Enough to tell the ward from the home, and no more: the network of an address, such as `10.0.3.x` or `2001:db8:1::`. */
export const coarseAddress = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  if (plain === '::1' || plain.startsWith('127.')) return 'this machine'
  const four = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(plain)
  if (four !== null) return `${four[1]}.x`
  if (!/^[0-9a-f:]+(%\w+)?$/i.test(plain) || !plain.includes(':')) return 'unknown'
  const [head = ''] = plain.split('::')
  return `${head.split(':').slice(0, 3).join(':')}::`
}
