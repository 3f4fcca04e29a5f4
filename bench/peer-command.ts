/** Writes the configuration of one proxy into a folder and says how to start it. Each gets one thread for requests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caddyConfig } from './caddy-config.ts';
import { INJECTED_HEADERS, INJECTED_RESPONSE_HEADERS } from './injected-headers.ts';
import { type Certificate, makeCertificate } from './make-certificate.ts';
import type { Peer } from './peer.ts';
import { PROXY_PORT, type Protocol } from './task.ts';

export interface PeerCommand {
	readonly file: string;
	readonly args: readonly string[];
	/** True where the proxy starts the function itself; else it must run already. */
	readonly startsFunction: boolean;
	/** Variables that it gets beyond those of every child. */
	readonly environment?: Readonly<Record<string, string>>;
}

/** @param functionFolder absolute path of the folder that holds `bootstrap` */
export function peerCommand(
	peer: Peer,
	folder: string,
	functionFolder: string,
	protocol: Protocol = 'http',
): PeerCommand {
	const tls = protocol === 'http' ? null : makeCertificate(folder);
	switch (peer.kind) {
		case 'nginx':
		case 'nginx-unbuffered': {
			const file = join(folder, 'proxy-nginx.conf');
			writeFileSync(file, nginxProxy(folder, peer.kind === 'nginx', tls));
			return { file: peer.binary, args: nginxArguments(file, folder), startsFunction: false };
		}
		case 'haproxy': {
			const file = join(folder, 'haproxy.cfg');
			writeFileSync(file, haproxyProxy(tls));
			return { file: peer.binary, args: ['-db', '-f', file], startsFunction: false };
		}
		case 'caddy': {
			const file = join(folder, 'Caddyfile');
			writeFileSync(file, caddyConfig(tls));
			const args = ['run', '--config', file, '--adapter', 'caddyfile'];
			// Go's own way to one thread for requests.
			const environment = { GOMAXPROCS: '1' };
			return { file: peer.binary, args, startsFunction: false, environment };
		}
		case 'httpfn': {
			const listen = `127.0.0.1:${PROXY_PORT}`;
			// Direct: as close to the peers, which have no instances, as httpfn comes.
			const isolation = ['--isolation', 'direct'];
			const secure = tls === null ? [] : ['--tls-cert', tls.cert, '--tls-key', tls.key];
			const workers = peer.workers === undefined ? [] : ['--workers', String(peer.workers)];
			const args = [
				'run',
				functionFolder,
				'--listen',
				listen,
				'--name',
				'bench',
				'--timeout',
				'60',
				...isolation,
				...secure,
				...workers,
			];
			return { file: peer.binary, args, startsFunction: true };
		}
		default:
			return peer.kind satisfies never;
	}
}

/** Command-line arguments that keep nginx inside one folder. */
export function nginxArguments(file: string, folder: string): string[] {
	return ['-c', file, '-p', folder, '-e', join(folder, 'nginx-error.log')];
}

/** The parts that the proxy and the function, both nginx, have in common. */
export function nginxConfig(folder: string, name: string, http: string): string {
	return `daemon off;
user root;
worker_processes 1;
worker_rlimit_nofile 8192;
pid ${join(folder, `${name}.pid`)};
error_log ${join(folder, `${name}-error.log`)} crit;
events { worker_connections 4096; }
http {
	access_log off;
	keepalive_timeout 65s;
	keepalive_requests 1000000000;
	client_body_temp_path ${join(folder, `${name}-body`)};
	proxy_temp_path ${join(folder, `${name}-proxy`)};
	fastcgi_temp_path ${join(folder, `${name}-fastcgi`)};
	uwsgi_temp_path ${join(folder, `${name}-uwsgi`)};
	scgi_temp_path ${join(folder, `${name}-scgi`)};
${http}}
`;
}

function nginxProxy(folder: string, buffered: boolean, tls: Certificate | null): string {
	const certificate =
		tls === null ? '' : `\t\tssl_certificate ${tls.cert};\n\t\tssl_certificate_key ${tls.key};\n`;
	const request = INJECTED_HEADERS.map(({ name, nginx }) => `\t\t\tproxy_set_header ${name} ${nginx};\n`);
	const response = INJECTED_RESPONSE_HEADERS.map(
		({ name, nginx }) => `\t\t\tadd_header ${name} ${nginx} always;\n`,
	);
	return nginxConfig(
		folder,
		'proxy',
		`	upstream function {
		server 127.0.0.1:8000;
		keepalive 64;
		keepalive_requests 1000000000;
	}
	server {
		listen 127.0.0.1:${PROXY_PORT}${tls === null ? '' : ' ssl http2'};
${certificate}		client_max_body_size 6m;
		location / {
			proxy_pass http://function;
			proxy_http_version 1.1;
			proxy_buffering ${buffered ? 'on' : 'off'};
			proxy_set_header Connection "";
			proxy_set_header Host $http_host;
${request.join('')}${response.join('')}		}
	}
`,
	);
}

function haproxyProxy(tls: Certificate | null): string {
	const certificate = tls === null ? '' : ` ssl crt ${tls.both} alpn h2,http/1.1`;
	const request = INJECTED_HEADERS.map(
		({ name, haproxy }) => `\thttp-request set-header ${name} ${haproxy}\n`,
	);
	const response = INJECTED_RESPONSE_HEADERS.map(
		({ name, haproxy }) => `\thttp-response set-header ${name} ${haproxy}\n`,
	);
	return `global
	nbthread 1
	maxconn 2048

defaults
	mode http
	option http-keep-alive
	http-reuse always
	timeout connect 5s
	timeout client 65s
	timeout server 65s

frontend proxy
	bind 127.0.0.1:${PROXY_PORT}${certificate}
	unique-id-format %[uuid()]
${request.join('')}${response.join('')}	default_backend function

backend function
	server function 127.0.0.1:8000
`;
}
