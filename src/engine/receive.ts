import type { Libc } from './libc.ts';
import { PIECE_BYTES, takePiece } from './pieces.ts';
import { RECEIVE_FLAGS } from './socket-options.ts';

/** All sockets are read into this one. Full, it is handed on as it is; less is copied out of it. */
let piece = takePiece();

/** What has come, a piece at most: others are to be read too. Else a number: 0, the peer has sent FIN; negative, the error of recv(2). */
export function receive(calls: Libc, descriptor: number): Buffer | number {
	const bytes = calls.recv(descriptor, piece, PIECE_BYTES, RECEIVE_FLAGS);
	if (bytes < 0) return -calls.lastErrorNumber();
	if (bytes === 0) return 0;
	const received = bytes === PIECE_BYTES ? piece : Buffer.allocUnsafeSlow(bytes);
	if (received === piece) piece = takePiece();
	else piece.copy(received, 0, 0, bytes);
	return received;
}
