/** What a gateway in front of a function adds to each request: the same work for every proxy under test. */
export interface InjectedHeader {
	readonly name: string;
	/** The value as nginx, haproxy and caddy write it in their own configuration. */
	readonly nginx: string;
	readonly haproxy: string;
	readonly caddy: string;
}

function fixed(name: string, value: string): InjectedHeader {
	return { name, nginx: value, haproxy: value, caddy: value };
}

export const INJECTED_HEADERS: readonly InjectedHeader[] = [
	{ name: 'X-CFF-Request-Id', nginx: '$request_id', haproxy: '%[unique-id]', caddy: '{http.request.uuid}' },
	fixed('X-CFF-Memory', '256'),
	fixed('X-CFF-Timeout', '60'),
	fixed('X-CFF-Func-Version', 'latest'),
	fixed('X-CFF-Func-Name', 'bench'),
	fixed('X-CFF-Project-Id', '00000000000000000000000000000000'),
	fixed('X-CFF-Package', 'default'),
	fixed('X-CFF-Region', 'local-region-1'),
	fixed('X-Apig-Api-Id', '11111111111111111111111111111111'),
	fixed('X-Apig-Source-Stage', 'RELEASE'),
	{ name: 'X-Apig-Request-Id', nginx: '$request_id', haproxy: '%[unique-id]', caddy: '{http.request.uuid}' },
	{ name: 'X-Apig-Source-Ip', nginx: '$remote_addr', haproxy: '%[src]', caddy: '{http.request.remote.host}' },
	{ name: 'X-Real-IP', nginx: '$remote_addr', haproxy: '%[src]', caddy: '{http.request.remote.host}' },
	{ name: 'X-Forwarded-For', nginx: '$remote_addr', haproxy: '%[src]', caddy: '{http.request.remote.host}' },
	{
		name: 'X-Forwarded-Host',
		nginx: '$http_host',
		haproxy: '%[req.hdr(host)]',
		caddy: '{http.request.hostport}',
	},
	{ name: 'X-Forwarded-Port', nginx: '$server_port', haproxy: '%[dst_port]', caddy: '{http.request.port}' },
	{ name: 'X-Forwarded-Proto', nginx: '$scheme', haproxy: 'http', caddy: '{http.request.scheme}' },
	{ name: 'X-Request-Id', nginx: '$request_id', haproxy: '%[unique-id]', caddy: '{http.request.uuid}' },
];

/** Added to each answer. */
export const INJECTED_RESPONSE_HEADERS: readonly InjectedHeader[] = [
	{ name: 'X-Cff-Request-Id', nginx: '$request_id', haproxy: '%[unique-id]', caddy: '{http.request.uuid}' },
	{ name: 'X-Request-Id', nginx: '$request_id', haproxy: '%[unique-id]', caddy: '{http.request.uuid}' },
];
