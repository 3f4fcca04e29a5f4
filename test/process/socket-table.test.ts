import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
	hostPort,
	listeningSockets,
	parseSocketTable,
	socketInodes,
} from '../../src/process/socket-table.ts';

const test = suite('socket table');

const HEAD =
	'  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const ROWS = `${HEAD}   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41699 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 41700 1 0000000000000000 20 4 30 10 -1
  12: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7 1 0000000000000000 100 0 0 10 0
`;
const ROWS6 = `${HEAD}   0: 00000000000000000000000001000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 100 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 0000000000000000 100 0 0 10 0
`;

test('S-8: the addresses of listening sockets are read from the tables of the kernel', () => {
	assert.equal(parseSocketTable(ROWS), [
		{ address: '127.0.0.1', port: 8000, inode: '41699' },
		{ address: '0.0.0.0', port: 80, inode: '7' },
	]);
	assert.equal(parseSocketTable(ROWS6), [
		{ address: '::1', port: 8000, inode: '99' },
		{ address: '::', port: 3000, inode: '100' },
		{ address: '::ffff:7f00:1', port: 8000, inode: '101' },
	]);
	assert.equal(parseSocketTable(''), []);
	assert.is(hostPort('::1', 8000), '[::1]:8000');
});

test('S-8: a socket of this process is found in the table, and among its own files', async () => {
	const server = net.createServer();
	await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
	const { port } = server.address() as net.AddressInfo;
	const socket = (await listeningSockets())?.find((row) => row.port === port);
	assert.is(socket?.address, '127.0.0.1');
	assert.ok(socketInodes(process.pid).has(socket?.inode ?? ''));
	server.close();
});

test.run();
