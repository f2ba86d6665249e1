// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.spi.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * The addresses of a KDC's host. The system's resolver knows no deadline, and so a name is looked
 * up in a thread of its own, which ends with the look-up.
 */
final class HostLookup {
  /** Whoever knows addresses: the system, or a test. */
  interface Resolver {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private static final Pattern VERSION_4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])([.](?!$)|$)){4}");

  private final Resolver resolver;

  HostLookup(Resolver resolver) {
    this.resolver = resolver;
  }

  List<InetAddress> addresses(String host, Deadline deadline) throws IOException {
    if (isAddress(host)) {
      return List.of(InetAddress.getByName(host));
    }
    var lookup = new FutureTask<>(() -> List.of(resolver.addresses(host)));
    DaemonThreads.named("identity-kdc-lookup").newThread(lookup).start();
    try {
      return lookup.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new UnknownHostException(host);
    } catch (TimeoutException slow) {
      lookup.cancel(true);
      throw new SocketTimeoutException("could not be found in the DNS");
    } catch (InterruptedException interrupted) {
      lookup.cancel(true);
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  /** What the JDK reads without asking anybody. */
  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || VERSION_4.matcher(host).matches();
  }
}
