import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '#domain/time.ts'
import { sendProblem } from './error-handler.ts'

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Infusion Watch</title></head>
<body><h1>The dashboard is not built</h1>
<p>Run <code>npm run build</code> and start the server again. The interface for programs is at <a href="/api/docs">/api/docs</a>.</p>
</body></html>
`

// Paths of programs; everything else is a page of the dashboard.
const notPages = /^\/(api|hub|socket\.io|healthz|readyz)(\/|$|\?)/
const hasExtension = /\.[A-Za-z0-9]{1,8}($|\?)/

/** Serves the built dashboard; its own pages all start from index.html. `built` false: says how to build it. */
export const useDashboard = async (app: FastifyInstance, dir: string, built: boolean, clock: Clock): Promise<void> => {
  if (built)
    await app.register(fastifyStatic, {
      root: dir,
      index: 'index.html',
      wildcard: true,
      setHeaders: (reply, path) => {
        // Vite puts a content hash into the names below assets/; all else must be asked for again.
        const hashed = path.slice(dir.length).startsWith('/assets/')
        void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })

  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      ['GET', 'HEAD'].includes(request.method) && !notPages.test(request.url) && !hasExtension.test(request.url)
    if (!wantsPage) return sendProblem(reply, request, 'not_found', clock)
    if (!built) return reply.code(503).type('text/html; charset=utf-8').send(notBuilt)
    return reply.sendFile('index.html')
  })
}
