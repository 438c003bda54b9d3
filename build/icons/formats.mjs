/** Icon files for Windows and macOS, made of PNG images, which both have read since 2007. */

/** @typedef {{ size: number, png: Buffer }} Image */

/**
 * An .ico: header, directory of 16 bytes an image, images ("ICO file format", Windows Vista and later).
 * @param {readonly Image[]} images of at most 256 pixels
 */
export const toIco = (images) => {
  const head = Buffer.alloc(6 + 16 * images.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(images.length, 4)
  let offset = head.length
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index
    // 256 is written as 0.
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...images.map(({ png }) => png)])
}

/** What macOS calls an image of so many pixels, and the one of half as many points at two pixels each. @type {Readonly<Record<number, readonly string[]>>} */
const icnsTypes = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
}

/**
 * An .icns: entries of type, length and PNG.
 * @param {readonly Image[]} images
 */
export const toIcns = (images) => {
  const entries = images.flatMap(({ size, png }) =>
    (icnsTypes[size] ?? []).map((type) => {
      const head = Buffer.alloc(8, type, 'latin1')
      head.writeUInt32BE(png.length + 8, 4)
      return Buffer.concat([head, png])
    }),
  )
  const body = Buffer.concat(entries)
  const head = Buffer.alloc(8, 'icns', 'latin1')
  head.writeUInt32BE(body.length + 8, 4)
  return Buffer.concat([head, body])
}
