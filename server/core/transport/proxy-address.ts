const v4 = /^(?<address>(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3})(\/(?<bits>\d{1,2}))?$/
const v6 = /^(?<address>[0-9a-f:]*:[0-9a-f:.]*)(\/(?<bits>\d{1,3}))?$/i

/**
 * An address or a network of proxies, `10.1.2.3` or `10.1.2.0/28`. Networks of more than a /8, or a /32 of IPv6, are no list of proxies:
 * whoever is in them could call himself anybody.
 */
export const isProxyAddress = (text: string): boolean => {
  const [match, bits, least] = v4.test(text) ? [v4.exec(text), 32, 8] : [v6.exec(text), 128, 32]
  const groups = match?.groups
  if (groups?.['address'] === undefined) return false
  if (URL.parse(`http://${bits === 128 ? `[${groups['address']}]` : groups['address']}/`) === null) return false
  const given = groups['bits'] === undefined ? bits : Number(groups['bits'])
  return given >= least && given <= bits
}
