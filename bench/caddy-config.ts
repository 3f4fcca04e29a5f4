import { INJECTED_HEADERS, INJECTED_RESPONSE_HEADERS } from './injected-headers.ts';
import type { Certificate } from './make-certificate.ts';
import { PROXY_PORT } from './task.ts';

/** The Caddyfile of a proxy that adds what the others add, keeps its connections to the function, asks it for no compression, and writes no log of requests. */
export function caddyConfig(tls: Certificate | null): string {
	const request = INJECTED_HEADERS.map(({ name, caddy }) => `\t\theader_up ${name} ${caddy}\n`);
	const response = INJECTED_RESPONSE_HEADERS.map(({ name, caddy }) => `\t\theader_down ${name} ${caddy}\n`);
	return `{
	admin off
	auto_https off
	log {
		level ERROR
	}
	servers {
		protocols h1 h2
	}
}
:${PROXY_PORT} {
	bind 127.0.0.1
${tls === null ? '' : `\ttls ${tls.cert} ${tls.key}\n`}	reverse_proxy 127.0.0.1:8000 {
		transport http {
			compression off
			keepalive 65s
			keepalive_idle_conns_per_host 64
		}
${request.join('')}${response.join('')}	}
}
`;
}
