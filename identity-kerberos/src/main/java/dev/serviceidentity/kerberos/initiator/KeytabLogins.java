// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Logs in with a keytab, which is read for each login. */
public final class KeytabLogins implements Logins<NativeLogin> {
  private static final System.Logger LOG = System.getLogger(KeytabLogins.class.getName());

  /** How long a new key may take until the KDC has it; after that an old one is a retired one. */
  private static final Duration SETTLING = Duration.ofHours(1);

  private final KeytabFile file;
  private final KdcClient client;
  private final Clock clock;
  private final Workshop workshop = new Workshop();

  /**
   * Reads nothing yet.
   *
   * @param file where the keys are
   * @param client asks the KDC
   * @param clock the clock
   */
  public KeytabLogins(KeytabFile file, KdcClient client, Clock clock) {
    this.file = file;
    this.client = client;
    this.clock = clock;
  }

  /**
   * Tries the newest key. While keys are being replaced it may not be the KDC's yet, and the one
   * before it is: that one is tried if the newest is young. Anybody on the way can say that the
   * newest is wrong, and who has a key that was retired could then be the KDC.
   */
  @Override
  public NativeLogin next() {
    List<KeytabEntry> keys = KeytabFile.strong(file.ownEntries());
    List<Long> versions = keys.stream().map(KeytabEntry::kvno).distinct().limit(2).toList();
    long newest = versions.get(0);
    try {
      return login(keys, newest, newest);
    } catch (IdentityException failed) {
      if (versions.size() < 2 || !isRefused(failed) || !isSettling(keys, newest)) {
        throw failed;
      }
      return before(keys, versions.get(1), newest, failed);
    }
  }

  private NativeLogin before(
      List<KeytabEntry> keys, long version, long newest, IdentityException failure) {
    try {
      return login(keys, version, newest);
    } catch (IdentityException failed) {
      throw isRefused(failed) ? failure : failed;
    }
  }

  private boolean isSettling(List<KeytabEntry> keys, long newest) {
    return keys.stream()
        .filter(entry -> entry.kvno() == newest)
        .map(entry -> Duration.between(entry.written(), clock.instant()).abs())
        .allMatch(age -> age.compareTo(SETTLING) < 0);
  }

  private NativeLogin login(List<KeytabEntry> keys, long version, long newest) {
    Ticket granting = client.login(file.principal(), new LoginKeys(keys, version, workshop));
    return NativeLogin.of(granting, client.clockOffset(), remark(version, newest));
  }

  private String remark(long used, long newest) {
    if (used == newest) {
      return "";
    }
    String remark =
        "made with kvno "
            + used
            + ", since kvno "
            + newest
            + ", the newest in the keytab "
            + file.path()
            + ", is not the KDC's yet";
    LOG.log(Level.WARNING, "The ticket of {0} was {1}", file.principal(), remark);
    return remark;
  }

  /** Also an answer that does not open, from a KDC that wants no proof first. */
  private static boolean isRefused(IdentityException failed) {
    return failed.code() == Code.REFUSED;
  }
}
