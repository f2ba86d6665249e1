// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The KDCs of each realm: asks one after another until one gives an answer that can be believed.
 * Thread-safe.
 */
final class Kdcs {
  /** Judges what a KDC has sent. */
  interface Judge<T> {
    /**
     * Makes something of an answer.
     *
     * @throws RefusedTokenException if it cannot be believed, and another KDC is asked
     * @throws WrongKeyException if it does not open, and another KDC is asked
     */
    T judge(byte[] answer, KdcAddress from) throws RefusedTokenException, WrongKeyException;
  }

  /** What happened to one KDC. */
  private record Failure(KdcAddress kdc, String what, boolean hasAnswered, String cure) {
    static Failure unbelievable(KdcAddress kdc, String why, String cure) {
      return new Failure(kdc, "(" + why + ")", true, cure);
    }

    @Override
    public String toString() {
      return kdc + " " + what;
    }
  }

  private static final System.Logger LOG = System.getLogger(Kdcs.class.getName());

  /** What to do about an address where nobody answers. */
  static final String IF_SILENT =
      "Check that a KDC runs there and listens on TCP, and the network policies towards it.";

  private final KerberosConfig config;
  private final KdcCall call;
  private final Outages outages;

  Kdcs(KerberosConfig config, Clock clock, HostLookup lookup) {
    this.config = config;
    this.call = new KdcCall(lookup, config.kdcTimeout());
    this.outages = new Outages(clock);
  }

  /**
   * Asks. Blocks for as long as each KDC of the realm may take.
   *
   * @param doing what is tried, for whom, as the beginning of a sentence
   * @throws IdentityException if no KDC gives an answer that can be believed
   */
  <T> T ask(String realm, String doing, byte[] request, Judge<T> judge) {
    List<KdcAddress> known = config.kdcs(realm);
    if (known.isEmpty()) {
      throw unknownRealm(realm, doing);
    }
    var failures = new ArrayList<Failure>();
    for (KdcAddress kdc : outages.inOrder(known)) {
      try {
        T answer = judge.judge(call.exchange(kdc, request).bytes(), kdc);
        if (outages.answered(kdc)) {
          LOG.log(Level.INFO, "The KDC {0} answers again", kdc);
        }
        return answer;
      } catch (RefusedTokenException unbelievable) {
        failures.add(Failure.unbelievable(kdc, unbelievable.detail(), ""));
      } catch (WrongKeyException wrong) {
        failures.add(Failure.unbelievable(kdc, String.valueOf(wrong.getMessage()), wrong.cure()));
      } catch (ClosedByInterruptException interrupted) {
        throw new IdentityException(
            Code.AUTHORITY_UNREACHABLE, doing + " was interrupted while it waited for " + kdc);
      } catch (IOException failed) {
        failures.add(new Failure(kdc, call.describe(failed), false, ""));
      }
      if (outages.failed(kdc)) {
        LOG.log(Level.INFO, "The KDC {0}, and is asked last for a while", last(failures));
      }
    }
    throw failed(realm, doing, failures);
  }

  private static Failure last(List<Failure> failures) {
    return failures.get(failures.size() - 1);
  }

  static IdentityException unknownRealm(String realm, String doing) {
    return new IdentityException(
        Code.CONFIGURATION,
        doing
            + " failed: no KDC of the realm "
            + ForeignText.quote(realm)
            + " is known. Name one, with KerberosConfig.builder().kdc(realm, \"host:88\") or under"
            + " [realms] in the krb5.conf, or correct the realm.");
  }

  /** What to do about an address where something else than the KDC of a realm answers. */
  static String ifStranger(String realm) {
    return "If that is no KDC of " + realm + ", somebody answers in its place.";
  }

  private static IdentityException failed(String realm, String doing, List<Failure> failures) {
    String all = String.join("; ", failures.stream().map(Failure::toString).toList());
    if (failures.stream().anyMatch(Failure::hasAnswered)) {
      return new IdentityException(
          Code.REFUSED,
          doing
              + " failed: no KDC of "
              + realm
              + " gave a usable answer: "
              + all
              + "."
              + failures.stream().map(Failure::cure).distinct().collect(Collectors.joining())
              + " "
              + ifStranger(realm));
    }
    return new IdentityException(
        Code.AUTHORITY_UNREACHABLE,
        doing + " failed: no KDC of " + realm + " answers: " + all + ". " + IF_SILENT);
  }
}
