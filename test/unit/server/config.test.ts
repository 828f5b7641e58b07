import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { configTable, loadConfig } from '#server/config.ts'

describe('server settings', () => {
  it('an empty environment gives the documented defaults', () => {
    const loaded = loadConfig({})
    expect(loaded).toMatchObject({
      ok: true,
      config: { port: 8080, host: '127.0.0.1', publicOrigins: null, influx: null, hubSilentMs: 30_000, demo: false },
    })
  })

  it('every problem is reported at once, by key', () => {
    const loaded = loadConfig({ PORT: 'eighty', HUB_SILENT_MS: '90001', FACILITY_TIME_ZONE: 'Mars/North', DEMO: 'yes' })
    if (loaded.ok) throw new Error('accepted')
    expect(loaded.problems.map((line) => line.split(':')[0])).toEqual([
      'PORT',
      'FACILITY_TIME_ZONE',
      'HUB_SILENT_MS',
      'DEMO',
    ])
  })

  it('credentials without a server to use them on are a mistake', () => {
    expect(loadConfig({ INFLUX_TOKEN: 'abc' })).toEqual({
      ok: false,
      problems: ['INFLUX_URL: is missing although InfluxDB credentials are given'],
    })
  })

  it('an origin with a path or another scheme is refused', () => {
    expect(loadConfig({ PUBLIC_ORIGINS: 'https://a.example, http://localhost:8080' }).ok).toBe(true)
    expect(loadConfig({ PUBLIC_ORIGINS: 'https://a.example/watch' }).ok).toBe(false)
    expect(loadConfig({ PUBLIC_ORIGINS: 'ftp://a.example' }).ok).toBe(false)
  })

  it('TLS needs a certificate and its key, and then every public origin is https', () => {
    const files = { TLS_CERT_FILE: '/etc/watch/cert.pem', TLS_KEY_FILE: '/etc/watch/key.pem' }
    expect(loadConfig({})).toMatchObject({ config: { tls: null, trustedProxies: [] } })
    expect(loadConfig({ ...files, PUBLIC_ORIGINS: 'https://watch.example' })).toMatchObject({
      config: { tls: { certFile: '/etc/watch/cert.pem', keyFile: '/etc/watch/key.pem' } },
    })
    expect(loadConfig({ TLS_CERT_FILE: '/c' })).toMatchObject({ problems: [expect.stringMatching(/^TLS_KEY_FILE: /)] })
    expect(loadConfig({ TLS_KEY_FILE: '/k' })).toMatchObject({ problems: [expect.stringMatching(/^TLS_CERT_FILE: /)] })
    expect(loadConfig({ ...files, PUBLIC_ORIGINS: 'https://a.example,http://b.example' })).toMatchObject({
      problems: [expect.stringMatching(/^PUBLIC_ORIGINS: http:\/\/b\.example must begin with https/)],
    })
  })

  it('proxies are named by address, never by number and never all', () => {
    expect(loadConfig({ TRUSTED_PROXIES: '127.0.0.1, 10.1.2.0/28' })).toMatchObject({
      config: { trustedProxies: ['127.0.0.1', '10.1.2.0/28'] },
    })
    for (const wrong of ['1', 'true', '0.0.0.0/0', 'localhost'])
      expect(loadConfig({ TRUSTED_PROXIES: wrong })).toMatchObject({
        problems: [expect.stringMatching(/^TRUSTED_PROX/)],
      })
  })

  it('simulated pumps are driven on this machine and in a demonstration, or not at all', () => {
    const url = 'http://127.0.0.1:9090'
    expect(loadConfig({ SIMULATOR_CONTROL_URL: url, DEMO: '1' })).toMatchObject({
      ok: true,
      config: { simulatorControlUrl: url },
    })
    expect(loadConfig({})).toMatchObject({ ok: true, config: { simulatorControlUrl: null } })
    for (const env of [
      { SIMULATOR_CONTROL_URL: url },
      { SIMULATOR_CONTROL_URL: url, DEMO_ACCOUNTS: '1' },
      ...[
        'http://10.0.0.7:9090',
        'https://127.0.0.1:9090',
        `${url}/pumps`,
        'http://127.0.0.1.example.org:9090',
        '9090',
      ].map((wrong) => ({ SIMULATOR_CONTROL_URL: wrong, DEMO: '1' })),
    ])
      expect(loadConfig(env)).toMatchObject({
        ok: false,
        problems: [expect.stringMatching(/^SIMULATOR_CONTROL_URL: /)],
      })
  })

  it('an identity provider needs words for a second factor, and roles that there are', () => {
    const given = { OIDC_ISSUER: 'https://login.example.org', OIDC_CLIENT_ID: 'watch' }
    expect(loadConfig({ ...given, OIDC_ACR: 'mfa', OIDC_ROLES: 'ward-nurses=nurse,it=admin' })).toMatchObject({
      ok: true,
      config: {
        oidc: {
          policy: {
            acr: ['mfa'],
            roles: [
              ['ward-nurses', 'nurse'],
              ['it', 'admin'],
            ],
          },
        },
      },
    })
    for (const [env, key] of [
      [given, 'OIDC_ACR'],
      [{ ...given, OIDC_CLIENT_ID: '', OIDC_AMR: 'hwk' }, 'OIDC_CLIENT_ID'],
      [{ ...given, OIDC_AMR: 'hwk', OIDC_ROLES: 'walls=kiosk' }, 'OIDC_ROLES'],
      [{ ...given, OIDC_AMR: 'hwk', OIDC_ROLES: 'nurse' }, 'OIDC_ROLES'],
      [{ ...given, OIDC_AMR: 'hwk', OIDC_TEAMS: 'north=north' }, 'OIDC_TEAMS'],
      [{ ...given, OIDC_AMR: 'hwk', OIDC_ISSUER: 'http://login.example.org' }, 'OIDC_ISSUER'],
      [{ OIDC_CLIENT_SECRET: 'secret' }, 'OIDC_CLIENT_SECRET'],
    ] as const)
      expect(loadConfig(env)).toMatchObject({ ok: false, problems: [expect.stringMatching(new RegExp(`^${key}: `))] })
  })

  it('no way of printing the settings shows a secret', () => {
    const loaded = loadConfig({ INFLUX_URL: 'http://localhost:8086', INFLUX_TOKEN: 'tell-nobody' })
    if (!loaded.ok) throw new Error('refused')
    expect(loaded.config.influx?.token?.reveal()).toBe('tell-nobody')
    for (const printed of [
      inspect(loaded, { depth: 9, showHidden: true }),
      JSON.stringify(loaded),
      String(loaded.config.influx?.token),
    ])
      expect(printed).not.toContain('tell-nobody')
  })

  it('each setting has a description for the generated page', () => {
    const rows = configTable()
    expect(rows.length).toBeGreaterThan(15)
    for (const row of rows) expect(row.description.length).toBeGreaterThan(10)
    expect(rows.filter((row) => row.secret).map((row) => row.key)).toEqual([
      'FIRST_HUB_CLAIM',
      'INFLUX_TOKEN',
      'INFLUX_PASSWORD',
      'DEADMAN_URL',
      'DEADMAN_FAIL_URL',
      'AUDIT_HEAD_URL',
      'PATIENT_KEYS',
      'PASSWORD_PEPPER',
      'OIDC_CLIENT_SECRET',
    ])
  })
})
