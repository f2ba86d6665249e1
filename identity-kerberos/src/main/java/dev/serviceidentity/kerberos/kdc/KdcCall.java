// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.spi.ForeignText;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;

/**
 * Asks one KDC once, by whichever of its addresses answers.
 *
 * @param lookup finds the addresses
 * @param limit how long all of it may take
 */
record KdcCall(HostLookup lookup, Duration limit) {
  /**
   * What came back.
   *
   * @param bytes the whole message, of which nothing is believed yet
   * @param from who sent it
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on at once, and never compared.
  record Answer(byte[] bytes, InetAddress from) {}

  /** A host with two families of addresses is often reached by one of them only. */
  Answer exchange(KdcAddress kdc, byte[] request) throws IOException {
    Deadline deadline = Deadline.in(limit);
    List<InetAddress> addresses = lookup.addresses(kdc.host(), deadline);
    IOException last = new UnknownHostException(kdc.host());
    for (int i = 0; i < addresses.size(); i++) {
      var address = new InetSocketAddress(addresses.get(i), kdc.port());
      try {
        byte[] bytes =
            KdcConnection.exchange(address, request, deadline.share(addresses.size() - i));
        return new Answer(bytes, addresses.get(i));
      } catch (ClosedByInterruptException interrupted) {
        throw interrupted;
      } catch (IOException failed) {
        last = failed;
      }
    }
    throw last;
  }

  /** What happened, to be read after the name of the KDC. */
  String describe(IOException failed) {
    if (failed instanceof SocketTimeoutException) {
      return failed.getMessage() + " within " + seconds(limit);
    }
    if (failed instanceof EOFException) {
      return "closed the connection without a whole answer";
    }
    if (failed instanceof UnknownHostException) {
      return "has no address in the DNS";
    }
    if (failed instanceof OversizedAnswerException) {
      return String.valueOf(failed.getMessage());
    }
    if (failed instanceof ConnectException) {
      return "refused the connection";
    }
    return "cannot be reached (" + ForeignText.quote(String.valueOf(failed.getMessage())) + ")";
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
