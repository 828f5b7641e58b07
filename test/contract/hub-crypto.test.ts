import { describe, expect, it } from 'vitest'
import { nodeHubCrypto } from '#server/adapters/node-hub-crypto.ts'

const pepper = new Uint8Array(32).fill(7)

describe('the cryptography of hub identity', () => {
  const adapter = nodeHubCrypto(pepper)
  // RFC 9421 B.1.4 (the last 32 bytes of the key in SubjectPublicKeyInfo) and B.2.6.
  const publicKey = adapter.readPublicKey('JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=') ?? new Uint8Array()
  const base = [
    '"date": Tue, 20 Apr 2021 02:07:55 GMT',
    '"@method": POST',
    '"@path": /foo',
    '"@authority": example.com',
    '"content-type": application/json',
    '"content-length": 18',
    '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
  ].join('\n')
  const signature = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='

  it('verifies the Ed25519 vector of RFC 9421 B.2.6', () => {
    expect(adapter.verify(publicKey, base, signature)).toBe(true)
  })

  it('refuses it when one character of text, key or signature differs', () => {
    expect(adapter.verify(publicKey, base.replace('/foo', '/fop'), signature)).toBe(false)
    expect(adapter.verify(publicKey, base, signature.replace('wqcA', 'wqcB'))).toBe(false)
    expect(adapter.verify(publicKey.toReversed(), base, signature)).toBe(false)
  })

  it('refuses signatures and keys of a wrong length without throwing', () => {
    expect(adapter.verify(publicKey, base, '')).toBe(false)
    expect(adapter.verify(new Uint8Array(31), base, signature)).toBe(false)
    expect(adapter.readPublicKey('AAAA')).toBeNull()
    expect(adapter.readPublicKey('JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bt=')).toBeNull()
  })

  it('digests a body as RFC 9530 B.1 does', () => {
    const body = new TextEncoder().encode('{"hello": "world"}\n')
    expect(adapter.contentDigest(body)).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:')
  })

  it('gives claim codes another digest under another pepper', () => {
    const other = nodeHubCrypto(new Uint8Array(32).fill(8))
    expect(adapter.same(adapter.mac('CODE'), adapter.mac('CODE'))).toBe(true)
    expect(adapter.same(adapter.mac('CODE'), other.mac('CODE'))).toBe(false)
  })
})
