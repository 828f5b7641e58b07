import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Problem } from '#domain/live/api.ts'
import { NewPushDevice, PushDeviceView, PushSetup, TestPageResult } from '#domain/live/push-api.ts'
import { PushReceipt } from '#domain/paging/push-message.ts'
import type { Clock } from '#domain/time.ts'
import type { PushDesk } from '#server/core/push-desk.ts'
import type { PushDevice } from '#server/core/push-devices.ts'
import { identityOf } from '../access.ts'
import { HttpProblem } from '../problem.ts'

const viewOf = (device: PushDevice): PushDeviceView => ({
  deviceId: device.deviceId,
  name: device.name,
  createdAt: device.createdAt,
  lastOkAt: device.lastOkAt,
  lastShownAt: device.lastShownAt,
  lastFailureAt: device.lastFailureAt,
  lastFailure: device.lastFailure,
  gone: device.goneAt !== null,
})

const Device = z.object({ deviceId: z.string().min(1).max(64) })
const own = { config: { access: 'page.receive', scope: 'self' } } as const

/** Devices that pages are pushed to: each person sees and changes her own. */
export const pushRoutes =
  (desk: PushDesk, clock: Clock): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/push',
      { ...own, schema: { tags: ['people'], summary: 'Own devices that get pages.', response: { 200: PushSetup } } },
      async (request) => ({
        publicKey: desk.publicKey,
        devices: (await desk.devices(identityOf(request).userId)).map(viewOf),
        serverTime: clock.now(),
      }),
    )

    app.put(
      '/push/devices',
      {
        ...own,
        schema: {
          tags: ['people'],
          summary: 'Push pages to this browser, from now on for whoever is signed in here.',
          body: NewPushDevice,
          response: { 200: PushDeviceView, 400: Problem },
        },
      },
      async (request) => {
        const device = await desk.subscribe(identityOf(request).userId, request.body)
        if (device === null)
          throw new HttpProblem('invalid_request', { detail: 'This is not a subscription of a known push service.' })
        return viewOf(device)
      },
    )

    app.delete(
      '/push/devices/:deviceId',
      {
        ...own,
        schema: { tags: ['people'], summary: 'No more pages there.', params: Device, response: { 204: z.null() } },
      },
      async (request, reply) => {
        if (!(await desk.remove(identityOf(request).userId, request.params.deviceId)))
          throw new HttpProblem('not_found')
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/push/devices/:deviceId/test',
      {
        ...own,
        schema: {
          tags: ['people'],
          summary: 'A real page that asks for nothing. Answers what the push service said, within 10 s.',
          params: Device,
          response: { 200: TestPageResult },
        },
      },
      async (request) => {
        const tested = await desk.test(identityOf(request).userId, request.params.deviceId)
        if (tested === null) throw new HttpProblem('not_found')
        const { outcome } = tested.delivery
        const failed = outcome.is === 'undeliverable' ? outcome : { reason: null, gone: false }
        return {
          notificationId: tested.notificationId,
          outcome: outcome.is,
          reason: failed.reason,
          gone: failed.gone,
        }
      },
    )

    app.post(
      '/push/receipts',
      {
        // The token in the body is the right to say it: a phone that is paged at night is signed in to nothing.
        config: { access: 'public' },
        schema: {
          tags: ['people'],
          summary: 'A device says that it shows a page, or that it was pressed there.',
          body: PushReceipt.strict(),
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        if (!(await desk.receipt(request.body))) throw new HttpProblem('not_found')
        return reply.code(204).send(null)
      },
    )
  }
