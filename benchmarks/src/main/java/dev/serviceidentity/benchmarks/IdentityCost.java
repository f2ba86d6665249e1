// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.mechanism.Target;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code KerberosIdentity.credentialsFor} costs where the ticket is kept already, with finding
 * it, beside an identity that does so through the JDK. Both have got their tickets from a KDC, of
 * as many services as are called in turn.
 */
public final class IdentityCost {
  private static final int ROUNDS = 20;
  private static final int CALLS = 10_000;

  /** The JDK is slower by far, and is given fewer calls in a round. */
  private static final int JDK_CALLS = 2_000;

  private IdentityCost() {}

  /**
   * Measures and prints.
   *
   * @param args the directory of the realm
   */
  public static void main(String[] args) {
    var realm = new BenchRealm(Path.of(args[0]));
    List<Target> all = BenchRealm.services();
    var one = new Row(all.subList(0, 1));
    var each = new Row(all);
    try (var ours = realm.web().krb5Conf(realm.krb5Conf()).open();
        var oursOfOne = realm.web().krb5Conf(realm.krb5Conf()).open();
        var jdks = realm.web().jgssInitiator().open();
        var jdksOfOne = realm.web().jgssInitiator().open()) {
      for (int round = 0; round < ROUNDS; round++) {
        one.measure(oursOfOne, jdksOfOne);
        each.measure(ours, jdks);
      }
    }
    Cost.printHead("credentialsFor, ticket kept");
    Cost.print("1 service", one.own, one.jgss);
    Cost.print(all.size() + " services in turn", each.own, each.jgss);
  }

  /** One row of the table. */
  private static final class Row {
    private final List<Target> services;
    private final Cost own = new Cost();
    private final Cost jgss = new Cost();

    Row(List<Target> services) {
      this.services = services;
    }

    void measure(KerberosIdentity ours, KerberosIdentity jdks) {
      own.measure(CALLS, i -> Cost.applies(ours.credentialsFor(target(i))));
      jgss.measure(JDK_CALLS, i -> Cost.applies(jdks.credentialsFor(target(i))));
    }

    private Target target(int call) {
      return services.get(call % services.size());
    }
  }
}
