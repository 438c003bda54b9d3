import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'

/**
 * What a router at home answers who asks it to let a port in (UPnP, InternetGatewayDevice:2): it is found by multicast, says its public address,
 * and passes that port on. A process of its own in the router's namespace, with the table that `Lab.translate` makes.
 * Arguments: its address at home, its public address, the device that leads out.
 */
const [home, outside, uplink] = process.argv.slice(2)
if (home === undefined || outside === undefined || uplink === undefined) throw new Error('addresses and a device are wanted')

const DEVICE = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2'
const SERVICE = 'urn:schemas-upnp-org:service:WANIPConnection:2'
const GROUP = '239.255.255.250'
const UUID = 'uuid:cc5696d6-0c44-4f1d-a1f0-e7355f285b60'

const description = `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>1</minor></specVersion>
<device><deviceType>${DEVICE}</deviceType><friendlyName>Router</friendlyName><manufacturer>Lab</manufacturer><modelName>Lab</modelName><UDN>${UUID}</UDN>
<serviceList><service><serviceType>${SERVICE}</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<SCPDURL>/scpd.xml</SCPDURL><controlURL>/control</controlURL><eventSubURL>/events</eventSubURL></service></serviceList></device></root>`

const envelope = (action: string, values: Readonly<Record<string, string>>): string => {
  const fields = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`)
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
<s:Body><u:${action}Response xmlns:u="${SERVICE}">${fields.join('')}</u:${action}Response></s:Body></s:Envelope>`
}

const fieldOf = (body: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? ''

/** Null for what this router does not do. */
function answer(action: string, body: string): string | null {
  if (action === 'GetExternalIPAddress') return envelope(action, { NewExternalIPAddress: outside ?? '' })
  if (action !== 'AddAnyPortMapping') return null
  const [port, inside, to, protocol] = ['NewExternalPort', 'NewInternalClient', 'NewInternalPort', 'NewProtocol'].map((name) =>
    fieldOf(body, name),
  )
  const rule = `add rule ip home in iifname "${uplink}" ${protocol?.toLowerCase()} dport ${port} dnat to ${inside}:${to}`
  const { status } = spawnSync('nft', [rule])
  return status === 0 ? envelope(action, { NewReservedPort: port ?? '' }) : null
}

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (part: Buffer) => (body += part.toString()))
  request.on('end', () => {
    const action = /#(\w+)/.exec(String(request.headers['soapaction']))?.[1] ?? ''
    const text = request.method === 'GET' ? description : answer(action, body)
    response.writeHead(text === null ? 500 : 200, { 'Content-Type': 'text/xml' })
    response.end(text ?? '')
  })
})

server.listen(0, home, () => {
  const bound = server.address()
  const location = `http://${home}:${typeof bound === 'object' ? bound?.port : ''}/description.xml`
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  socket.on('message', (message, { address, port }) => {
    if (!message.toString().startsWith('M-SEARCH') || !message.includes(DEVICE)) return
    const said = [
      'HTTP/1.1 200 OK',
      'CACHE-CONTROL: max-age=120',
      `ST: ${DEVICE}`,
      `USN: ${UUID}::${DEVICE}`,
      'EXT:',
      `LOCATION: ${location}`,
    ]
    socket.send(`${said.join('\r\n')}\r\n\r\n`, port, address)
  })
  socket.bind(1900, () => {
    socket.addMembership(GROUP, home)
    process.stdout.write('ready\n')
  })
})
