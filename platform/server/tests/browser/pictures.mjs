// Pictures of the pages, for the documentation.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withPalette } from './png.mjs'

// A picture is no larger than this.
const BYTES = 60 * 1024

export async function pictures(world) {
  const folder = path.resolve('docs/pictures')
  fs.mkdirSync(folder, { recursive: true })
  const [ada, joe, stranger] = [await world.person('ada@acme.com'), await world.person('joe@acme.com'), await world.stranger()]
  const { body } = await world.api('ada@acme.com', 'GET', '/pipelines')
  const team = '/dashboard/teams/acme-widgets'
  for (const [name, person, address, unfold] of [
    ['sign-in', stranger, '/dashboard/sign-in'],
    ['apps', ada, `${team}/apps`],
    ['app', ada, '/dashboard/apps/acme-website'],
    ['pipeline', ada, `/dashboard/pipelines/${body[0].id}`],
    ['access', ada, `${team}/access`],
    ['group', ada, `${team}/access/groups/night-shift`],
    ['resources', ada, `${team}/resources`],
    ['usage', ada, `${team}/usage`],
    ['settings', ada, `${team}/settings`],
    ['activity', ada, `${team}/activity`],
    ['why', joe, '/dashboard/apps/acme-billing/settings', 'details.why summary'],
  ]) {
    await person.open(address)
    if (unfold) await person.page.locator(unfold).first().click()
    const picture = withPalette(await person.page.screenshot())
    assert.ok(picture.length <= BYTES, `${name}: ${picture.length} bytes`)
    fs.writeFileSync(path.join(folder, `${name}.png`), picture)
  }
}
