// A picture of a page with 256 colours, in a third of the bytes: PNG as a browser writes it (8 bits for each of red, green and blue, not
// interlaced) in, PNG with a palette out.
import zlib from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

export function withPalette(png) {
  const { width, height, colours } = read(png)
  const count = new Map()
  for (const colour of colours) count.set(colour, (count.get(colour) ?? 0) + 1)
  const palette = [...count.keys()].sort((one, other) => count.get(other) - count.get(one)).slice(0, 256)
  const index = new Map([...count.keys()].map(colour => [colour, nearest(palette, colour)]))
  const lines = Buffer.alloc((width + 1) * height)
  colours.forEach((colour, at) => { lines[at + Math.floor(at / width) + 1] = index.get(colour) })
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const entries = Buffer.from(palette.flatMap(bytes))
  const parts = [['IHDR', head], ['PLTE', entries], ['IDAT', zlib.deflateSync(lines, { level: 9 })], ['IEND', Buffer.alloc(0)]]
  return Buffer.concat([SIGNATURE, ...parts.map(([name, content]) => chunk(name, content))])
}

const bytes = colour => [colour >> 16, (colour >> 8) & 255, colour & 255]

function nearest(palette, colour) {
  const [red, green, blue] = bytes(colour)
  const distances = palette.map(bytes).map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2)
  return distances.indexOf(Math.min(...distances))
}

function read(png) {
  const data = []
  for (let at = SIGNATURE.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  const [width, height, lines] = [png.readUInt32BE(16), png.readUInt32BE(20), zlib.inflateSync(Buffer.concat(data))]
  const length = width * 3
  const pixels = Buffer.alloc(length * height)
  for (let at = 0; at < pixels.length; at += 1) {
    const [x, y] = [at % length, Math.floor(at / length)]
    const left = x < 3 ? 0 : pixels[at - 3]
    const above = y === 0 ? 0 : pixels[at - length]
    const corner = x < 3 || y === 0 ? 0 : pixels[at - length - 3]
    const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][lines[y * (length + 1)]]
    pixels[at] = lines[y * (length + 1) + 1 + x] + guess
  }
  const colours = Array.from({ length: width * height }, (_, pixel) => pixels.readUIntBE(pixel * 3, 3))
  return { width, height, colours }
}

function paeth(left, above, corner) {
  const [toLeft, toAbove, toCorner] = [left, above, corner].map(one => Math.abs(left + above - corner - one))
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}

function chunk(name, content) {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content])
  const whole = Buffer.alloc(named.length + 8)
  whole.writeUInt32BE(content.length, 0)
  named.copy(whole, 4)
  whole.writeUInt32BE(crc(named), whole.length - 4)
  return whole
}

function crc(content) {
  let rest = 0xffffffff
  for (const byte of content) {
    rest ^= byte
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  }
  return (rest ^ 0xffffffff) >>> 0
}
