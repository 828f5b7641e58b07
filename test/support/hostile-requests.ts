export const head = (...lines: readonly string[]): string => [...lines, '', ''].join('\r\n')
export const host = 'Host: 127.0.0.1'
const smuggled = `GET /healthz HTTP/1.1\r\n${host}\r\n\r\n`

/** Requests on which two readers could disagree where they end. */
export const ambiguous: Readonly<Record<string, string>> = {
  'length and chunks': `${head('POST /api/v1/session HTTP/1.1', host, 'Content-Length: 6', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
  'two lengths': `${head('POST /api/v1/session HTTP/1.1', host, 'Content-Length: 0', 'Content-Length: 44')}${smuggled}`,
  'a length with a sign': `${head('POST /api/v1/session HTTP/1.1', host, 'Content-Length: +0')}${smuggled}`,
  'a length in two parts': `${head('POST /api/v1/session HTTP/1.1', host, 'Content-Length: 0, 0')}${smuggled}`,
  'chunks that are not last': `${head('POST /api/v1/session HTTP/1.1', host, 'Transfer-Encoding: chunked, identity')}0\r\n\r\n${smuggled}`,
  'chunks by another name': `${head('POST /api/v1/session HTTP/1.1', host, 'Transfer-Encoding: xchunked')}0\r\n\r\n${smuggled}`,
  'a space before the colon': `${head('POST /api/v1/session HTTP/1.1', host, 'Transfer-Encoding : chunked')}0\r\n\r\n${smuggled}`,
  'a folded header': `${head('POST /api/v1/session HTTP/1.1', host, 'X-A: b', ' Transfer-Encoding: chunked', 'Content-Length: 0 ', ' 4')}${smuggled}`,
  'bare line feeds': `POST /api/v1/session HTTP/1.1\n${host}\nContent-Length: 0\n\n${smuggled}`,
  'a bare carriage return': `${head('POST /api/v1/session HTTP/1.1', host, 'X-A: b\rTransfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
  'a zero byte': `${head('POST /api/v1/session HTTP/1.1', host, 'X-A: b\0c')}${smuggled}`,
  'an endless chunk size': `${head('POST /api/v1/session HTTP/1.1', host, 'Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFF1\r\n${smuggled}`,
  'a chunk size with words': `${head('POST /api/v1/session HTTP/1.1', host, 'Transfer-Encoding: chunked')}0x0\r\n\r\n${smuggled}`,
}

/** What is no request at all, or one larger than any. */
export const malformed: Readonly<Record<string, string>> = {
  'another protocol': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a version that is none': head('GET / HTTP/9.9', host),
  'no host': head('GET /healthz HTTP/1.1'),
  'a method that is none': head('get / HTTP/1.1', host),
  'a tunnel': head('CONNECT example.org:443 HTTP/1.1', host),
  'TLS to a plain port': '\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003',
  'a header of 20 KB': head('GET /healthz HTTP/1.1', host, `X-A: ${'x'.repeat(20_000)}`),
  '3,000 headers': head('GET /healthz HTTP/1.1', host, ...Array.from({ length: 3_000 }, (_, n) => `X-${n}: 1`)),
  'an address of 20 KB': head(`GET /${'x'.repeat(20_000)} HTTP/1.1`, host),
  'an announced gigabyte': head(
    'POST /api/v1/session HTTP/1.1',
    host,
    'Content-Type: application/json',
    'Content-Length: 1073741824',
  ),
  'a chunk extension without an end': `${head('POST /api/v1/session HTTP/1.1', host, 'Content-Type: application/json', 'Transfer-Encoding: chunked')}1;${'x'.repeat(20_000)}\r\n`,
}

export const bodies: readonly string[] = [
  '',
  ' '.repeat(60_000),
  'null',
  '[]',
  '{',
  '{"name":"a"}{"name":"b"}',
  `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  '{"v":1e999,"records":[]}',
  `{"v":${'9'.repeat(4_000)},"records":[]}`,
  '{"v":-0,"records":[1]}',
  '{"v":1,"v":2,"records":[1],"records":[]}',
  '{"v":"1","records":{"length":1e9}}',
  '{"v":1,"records":[null,1,"x",[],{"__proto__":1}]}',
  '{"__proto__":{"v":1},"records":[1]}',
  '{"constructor":{"prototype":{"v":1}},"records":[1]}',
  '{"v":1,"records":["\\ud800"],"\\u0000":1}',
  '\ufeff{"v":1,"records":[]}',
  '{"name":{"toString":1},"password":["x"]}',
  '{"name":"\\u0000","password":"x"}',
]
