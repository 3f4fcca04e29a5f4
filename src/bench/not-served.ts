/** A program that did not come to serve, or a connection that it did not take: what this machine, or this build, may not have. */
export class NotServed extends Error {}
