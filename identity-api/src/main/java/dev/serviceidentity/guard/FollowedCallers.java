// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.RegularWork;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file form of the allowed callers, read again as it changes. A file that cannot be used
 * changes nothing but health. One that is being written might be half of itself, and name too few:
 * it is read once it has been the same for a moment.
 */
public final class FollowedCallers implements AllowedCallers, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FollowedCallers.class.getName());
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** By then every open connection has been judged. */
  private static final Duration LATELY = Duration.ofMinutes(1);

  private static final int MOST_REPLACED = 64;

  private record Replaced(AllowedCallers rule, Instant at) {}

  /** By what a change is noticed; links are followed. */
  private record Look(FileTime modified, long size, @Nullable Object key) {}

  private final Path file;
  private final Clock clock;
  private final RegularWork work;
  private volatile AllowedCallers rule;
  private volatile List<Replaced> replaced = List.of();
  private volatile Health.Part health;
  private @Nullable Look last;
  private @Nullable Look used;

  private FollowedCallers(Path file, IdentityRuntime runtime) {
    this.file = file;
    this.clock = runtime.clock();
    this.used = look();
    this.last = used;
    this.rule = AllowedCallers.fromFile(file);
    this.health = part(Health.Status.UP, file + " is in use");
    this.work =
        RegularWork.start(
            "identity-allowed-callers",
            runtime.scheduler(),
            PAUSE,
            () -> true,
            this::readIfChanged);
  }

  /**
   * Reads the file and begins to follow it.
   *
   * @param file the file form
   * @param runtime what to run on
   * @return the rule, to be closed by the caller
   * @throws IdentityException with code {@code CONFIGURATION} if it cannot be used
   */
  public static FollowedCallers open(Path file, IdentityRuntime runtime) {
    return new FollowedCallers(file, runtime);
  }

  @Override
  public boolean allows(Call call) {
    return rule.allows(call);
  }

  @Override
  public boolean allowsSomewhere(Caller caller, @Nullable ServiceAccountName serviceAccount) {
    return rule.allowsSomewhere(caller, serviceAccount);
  }

  /** Says whether the file has named a caller until a moment ago. */
  boolean allowedLately(Caller caller, @Nullable ServiceAccountName serviceAccount) {
    Instant now = clock.instant();
    return replaced.stream()
        .filter(one -> now.isBefore(one.at().plus(LATELY)))
        .anyMatch(one -> one.rule().allowsSomewhere(caller, serviceAccount));
  }

  /**
   * How the file does.
   *
   * @return one part
   */
  public Health.Part health() {
    return health;
  }

  /** Reads no more; the last rule stays. */
  @Override
  public void close() {
    work.close();
  }

  private void readIfChanged() {
    Look now = look();
    boolean settled = now == null ? last == null : now.equals(last);
    boolean changed = now == null ? used != null : !now.equals(used);
    last = now;
    // What cannot be read may become readable without any change that shows.
    if (settled && (changed || health.status() != Health.Status.UP)) {
      used = now;
      read();
    }
  }

  private void read() {
    try {
      AllowedCallers next = AllowedCallers.fromFile(file);
      remember(rule);
      rule = next;
      health = part(Health.Status.UP, file + " is in use");
      LOG.log(Level.INFO, "The allowed callers are now those of {0}", file);
    } catch (IdentityException unusable) {
      String why = "The allowed callers stay as they were: " + unusable.getMessage();
      if (!why.equals(health.detail())) {
        LOG.log(Level.WARNING, why, unusable);
        health = part(Health.Status.DEGRADED, why);
      }
    }
  }

  private void remember(AllowedCallers old) {
    Instant now = clock.instant();
    replaced =
        Stream.concat(Stream.of(new Replaced(old, now)), replaced.stream())
            .filter(one -> now.isBefore(one.at().plus(LATELY)))
            .limit(MOST_REPLACED)
            .toList();
  }

  /** Null while there is none. */
  private @Nullable Look look() {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Look(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException missing) {
      return null;
    }
  }

  private Health.Part part(Health.Status status, String detail) {
    return new Health.Part("allowed-callers", status, detail, clock.instant());
  }
}
