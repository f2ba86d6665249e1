// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.kdc.KdcRefusedException;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/** Logs in with a keytab, which is read for each login. */
final class KeytabLogins implements Logins<NativeLogin> {
  private static final System.Logger LOG = System.getLogger(KeytabLogins.class.getName());

  /** Whoever keeps more old keys than that does not need them; each costs a try. */
  private static final int MOST_VERSIONS = 3;

  private final KeytabFile file;
  private final KdcClient client;
  private final Workshop workshop = new Workshop();

  KeytabLogins(KeytabFile file, KdcClient client) {
    this.file = file;
    this.client = client;
  }

  /**
   * Tries the newest key first. While keys are being replaced it may not be the KDC's yet, and the
   * one before it is.
   */
  @Override
  public NativeLogin next() {
    List<KeytabEntry> keys = KeytabFile.strong(file.ownEntries());
    List<Long> versions =
        keys.stream().map(KeytabEntry::kvno).distinct().limit(MOST_VERSIONS).toList();
    long newest = versions.get(0);
    try {
      return login(keys, newest, newest);
    } catch (IdentityException failed) {
      return versions.stream()
          .skip(1)
          .map(version -> older(keys, version, newest, failed))
          .flatMap(Optional::stream)
          .findFirst()
          .orElseThrow(() -> failed);
    }
  }

  private Optional<NativeLogin> older(
      List<KeytabEntry> keys, long version, long newest, IdentityException failure) {
    if (!isOfKey(failure)) {
      return Optional.empty();
    }
    try {
      return Optional.of(login(keys, version, newest));
    } catch (IdentityException failed) {
      if (!isOfKey(failed)) {
        throw failed;
      }
      return Optional.empty();
    }
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
    LOG.log(Level.INFO, "The ticket of {0} was {1}", file.principal(), remark);
    return remark;
  }

  private static boolean isOfKey(IdentityException failed) {
    return failed.getCause() instanceof KdcRefusedException refused && refused.isOfKey();
  }
}
