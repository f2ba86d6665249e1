// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.testkit.TestClock;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;

/** Refreshes and calls: a JVM that a test starts, in which nothing else leaves anything behind. */
final class RefreshAThousandTimes {
  /** Of tickets that live for a minute. */
  private static final Duration UNTIL_DUE = Duration.ofSeconds(52);

  private RefreshAThousandTimes() {}

  /** Takes a krb5.conf, and a principal with its keytab; prints what there is before and after. */
  public static void main(String[] arguments) throws InterruptedException, JMException {
    TestClock clock = TestClock.at(Clock.systemUTC());
    var rotated = new Semaphore(0);
    try (var brisk = new BriskRuntime(clock);
        var web =
            KerberosIdentity.builder()
                .principal(arguments[1])
                .keytab(Path.of(arguments[2]))
                .krb5Conf(Path.of(arguments[0]))
                .open(brisk.runtime())) {
      web.subscribe(
          new IdentityListener() {
            @Override
            public void onRotated(IdentitySnapshot current) {
              rotated.release();
            }
          });
      refresh(100, web, clock, rotated);
      System.out.println("BEFORE " + inventory());
      refresh(1000, web, clock, rotated);
      System.out.println("AFTER " + inventory());
      System.out.println("GENERATION " + web.current().generation());
    }
  }

  private static void refresh(int times, KerberosIdentity web, TestClock clock, Semaphore rotated)
      throws InterruptedException {
    Target stock = Target.of(URI.create("http://stock.shop"));
    for (int i = 0; i < times; i++) {
      web.credentialsFor(stock);
      clock.advance(UNTIL_DUE);
      if (!rotated.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("No refresh: " + web.health());
      }
    }
  }

  /** Threads, open files, and objects of ours or that ours are made of. */
  private static String inventory() throws JMException {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return ManagementFactory.getThreadMXBean().getThreadCount()
        + " "
        + system.getOpenFileDescriptorCount()
        + " "
        + objects();
  }

  /** Counts what a full collection leaves. */
  private static long objects() throws JMException {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    return String.valueOf(histogram)
        .lines()
        .map(line -> line.trim().split("\\s+"))
        .filter(line -> line.length > 3 && line[3].matches("(dev.serviceidentity|javax.crypto).*"))
        .mapToLong(line -> Long.parseLong(line[1]))
        .sum();
  }
}
