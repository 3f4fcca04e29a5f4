/** A way to listen and to connect: each engine has one, some a better one besides. `sockets.ts` chooses, and tells what each does. */
import type { Connection, ConnectionHandler } from './connection.ts';
import type { Listener, ListenOptions } from './listener.ts';

export interface Transport {
	connect(host: string, port: number, handler: ConnectionHandler, onOpen: () => void): Connection;
	adopt(descriptor: number | Promise<number>, handler: ConnectionHandler, onOpen: () => void): Connection;
	listen(options: ListenOptions, accept: (connection: Connection) => ConnectionHandler): Promise<Listener>;
}
