/** A process that lets a connection out of a namespace and then has nothing more to do. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { EgressPoller } from '../../src/isolation/egress-poller.ts';
import { CLONE, kernel as openKernel } from '../../src/isolation/kernel.ts';
import { prepareEgress } from '../../src/isolation/prepare-egress.ts';

const kernel = openKernel();
kernel.unshare(CLONE.newNetwork);
kernel.loopbackUp();
const arrived = Promise.withResolvers<number>();
new EgressPoller().add(prepareEgress(kernel), (arrival) => {
	if (arrival.kind === 'connection') arrived.resolve(arrival.fd);
});
const socket = connect(80, '10.1.2.3');
await once(socket, 'connect');
kernel.libc.close(await arrived.promise);
socket.destroy();
