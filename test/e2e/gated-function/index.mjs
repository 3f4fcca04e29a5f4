// A function whose answers and end the test decides.
import { createServer } from 'node:http';

const held = [];

const routes = {
	// Answers when /release is asked for.
	'/held': (_request, response) => {
		held.push(response);
		console.log('a request is held');
	},
	'/release': (_request, response) => {
		// This answer first: once the others are out, httpfn may end the function.
		response.end('done', () => {
			for (const waiting of held.splice(0)) waiting.end('released');
		});
	},
	'/crash': () => {
		console.error('the last words');
		process.exit(7);
	},
	'/pid': (_request, response) => response.end(String(process.pid)),
	'/log': (_request, response) => {
		console.log('said on stdout: 你好');
		console.error('said on stderr');
		response.end();
	},
	'/cookies': (_request, response) => {
		response.setHeader('Set-Cookie', ['b=2', 'a=1; Path=/', 'b=3']);
		response.end();
	},
	'/environment': (_request, response) => response.end(JSON.stringify(process.env)),
	'/echo': (request, response) => request.pipe(response),
	'/megabytes': (_request, response) => {
		response.setHeader('Content-Length', 5 * 1024 * 1024);
		response.end(Buffer.alloc(5 * 1024 * 1024, 'abcdefgh'));
	},
	// 100 MB in parts; says so when for half a second nobody takes any.
	'/hundred': (_request, response) => {
		const part = Buffer.alloc(1_000_000, 'x');
		let left = 100;
		let stalled;
		const write = () => {
			clearTimeout(stalled);
			while (left > 0 && response.write(part)) left -= 1;
			if (left === 0) return response.end();
			left -= 1;
			stalled = setTimeout(() => console.log('nobody reads'), 500);
			response.once('drain', write);
		};
		write();
	},
	'/missing': (_request, response) => {
		response.statusCode = 404;
		response.end('not here');
	},
};

createServer((request, response) => {
	const route = routes[request.url.split('?')[0]];
	if (route) route(request, response);
	else response.end(`${request.method} ${request.url}`);
}).listen(8000, '127.0.0.1');
