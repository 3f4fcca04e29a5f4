/** The function behind every proxy: nginx on 127.0.0.1:8000 with a 48 byte answer, which may end its connection, and a 5 MB one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nginxArguments, nginxConfig } from './peer-command.ts';
import { BODY_BYTES } from './task.ts';

/**
 * Writes a folder that holds a `bootstrap`, as a function's author would.
 * @returns absolute path of the folder, and of the file that will hold the function's process id
 */
export function writeFunctionFolder(folder: string, nginx: string): { folder: string; pidFile: string } {
	const code = join(folder, 'function');
	mkdirSync(code, { recursive: true });
	writeFileSync(join(code, 'large'), Buffer.alloc(BODY_BYTES.large, 'httpfn bench '));
	const file = join(code, 'nginx.conf');
	writeFileSync(
		file,
		nginxConfig(
			folder,
			'function',
			`	sendfile on;
	open_file_cache max=16;
	server {
		listen 127.0.0.1:8000;
		default_type text/plain;
		location = /small { return 200 "${'x'.repeat(BODY_BYTES.small)}"; }
		location = /closing { keepalive_timeout 0; return 200 "${'x'.repeat(BODY_BYTES.closing)}"; }
		location = /large { root ${code}; }
	}
`,
		),
	);
	writeFileSync(join(code, 'bootstrap'), `exec ${quoted([nginx, ...nginxArguments(file, folder)])}\n`);
	return { folder: code, pidFile: join(folder, 'function.pid') };
}

/** A function that answers with the headers it saw; it runs on the engine that runs the benchmark. */
export function writeEchoFolder(folder: string): { folder: string; pidFile: string } {
	const code = join(folder, 'function');
	mkdirSync(code, { recursive: true });
	const pidFile = join(folder, 'function.pid');
	writeFileSync(
		join(code, 'echo.mjs'),
		`import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
createServer((request, response) => {
	response.setHeader('content-type', 'application/json');
	response.end(JSON.stringify(request.headers));
}).listen(8000, '127.0.0.1');
`,
	);
	writeFileSync(join(code, 'bootstrap'), `exec ${quoted([process.execPath, join(code, 'echo.mjs')])}\n`);
	return { folder: code, pidFile };
}

function quoted(words: readonly string[]): string {
	return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}
