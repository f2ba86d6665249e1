// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.beFinal;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;

/**
 * The arrows between the modules and within the API, and the conventions that a class file shows.
 * It stands here because the sample alone sees all modules.
 */
class ArchitectureTest {
  private static final String ROOT = "dev.serviceidentity";

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/dev/serviceidentity/samples/"))
          .importPackages(ROOT);

  @Test
  void theModulesUseOnlyTheModulesThatTheArchitectureNames() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
        .layer("api")
        .definedBy(
            ROOT,
            ROOT + ".access..",
            ROOT + ".audit..",
            ROOT + ".caller..",
            ROOT + ".guard..",
            ROOT + ".identity..",
            ROOT + ".mechanism..",
            ROOT + ".network..",
            ROOT + ".spi..")
        .layer("kerberos")
        .definedBy(ROOT + ".kerberos..")
        .layer("mtls")
        .definedBy(ROOT + ".mtls..")
        .layer("k8s")
        .definedBy(ROOT + ".k8s..")
        .layer("jakarta")
        .definedBy(ROOT + ".jakarta..")
        .layer("spring")
        .definedBy(ROOT + ".spring..")
        .layer("testkit")
        .definedBy(ROOT + ".testkit..")
        .layer("command line")
        .definedBy(ROOT + ".cli..")
        .whereLayer("api")
        .mayNotAccessAnyLayer()
        .whereLayer("kerberos")
        .mayOnlyAccessLayers("api")
        .whereLayer("mtls")
        .mayOnlyAccessLayers("api")
        .whereLayer("k8s")
        .mayOnlyAccessLayers("api")
        .whereLayer("jakarta")
        .mayOnlyAccessLayers("api")
        .whereLayer("spring")
        .mayOnlyAccessLayers("api", "kerberos", "mtls", "k8s", "jakarta")
        .whereLayer("spring")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("testkit")
        .mayOnlyAccessLayers("api", "mtls", "k8s")
        .whereLayer("command line")
        .mayOnlyAccessLayers("api", "kerberos", "mtls", "k8s")
        .whereLayer("command line")
        .mayNotBeAccessedByAnyLayer()
        .ensureAllClassesAreContainedInArchitecture()
        .check(LIBRARY);
  }

  @Test
  void thePackagesOfTheApiAreAStackWithArrowsOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
        .layer("facade")
        .definedBy(ROOT)
        .layer("guard")
        .definedBy(ROOT + ".guard")
        .layer("spi")
        .definedBy(ROOT + ".spi")
        .layer("mechanism")
        .definedBy(ROOT + ".mechanism")
        .layer("audit")
        .definedBy(ROOT + ".audit")
        .layer("access")
        .definedBy(ROOT + ".access")
        .layer("network")
        .definedBy(ROOT + ".network")
        .layer("caller")
        .definedBy(ROOT + ".caller")
        .layer("identity")
        .definedBy(ROOT + ".identity")
        .whereLayer("identity")
        .mayNotAccessAnyLayer()
        .whereLayer("caller")
        .mayOnlyAccessLayers("identity")
        .whereLayer("network")
        .mayOnlyAccessLayers("identity", "caller")
        .whereLayer("access")
        .mayOnlyAccessLayers("identity", "caller", "network")
        .whereLayer("audit")
        .mayOnlyAccessLayers("identity", "caller", "network", "access")
        .whereLayer("mechanism")
        .mayOnlyAccessLayers("identity", "caller")
        .whereLayer("spi")
        .mayOnlyAccessLayers("identity", "caller", "network", "mechanism")
        .whereLayer("guard")
        .mayOnlyAccessLayers("identity", "caller", "network", "access", "audit", "spi")
        .check(LIBRARY);
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
  }

  @Test
  void thePolicyEngineIsPure() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".k8s.policy..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.util..",
            "java.net",
            "java.nio",
            "org.jspecify..",
            ROOT + ".identity",
            ROOT + ".network",
            ROOT + ".k8s.policy..")
        .check(LIBRARY);
  }

  @Test
  void ownKerberosReachesNeitherJaasNorAnySettingOfTheJvm() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".kerberos.acceptor",
            ROOT + ".kerberos.caller",
            ROOT + ".kerberos.ccache",
            ROOT + ".kerberos.config",
            ROOT + ".kerberos.doctor",
            ROOT + ".kerberos.file",
            ROOT + ".kerberos.initiator",
            ROOT + ".kerberos.kdc",
            ROOT + ".kerberos.keytab",
            ROOT + ".kerberos.token",
            ROOT + ".kerberos.upkeep")
        .or()
        .haveFullyQualifiedName(ROOT + ".kerberos.KerberosDoctor")
        .should()
        .transitivelyDependOnClassesThat(
            describe("leave what their instance was given", ArchitectureTest::isAmbient))
        .check(LIBRARY);
  }

  /** And one class reads a variable of the environment, where nobody has said a krb5.conf. */
  @Test
  void onlyTheRoomOfTheJdksKerberosUsesJaasOrTheGssApi() {
    classes()
        .that(
            resideInAPackage(ROOT + ".kerberos..")
                .and(describe("leave what they were given", ArchitectureTest::isAmbient)))
        .should()
        .resideInAPackage(ROOT + ".kerberos.jgss")
        .orShould()
        .haveFullyQualifiedName(ROOT + ".kerberos.MachineConfig")
        .check(LIBRARY);
  }

  @Test
  void theCryptographyAndTheReplayStoreOfKerberosKnowNothingOfTickets() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".kerberos.crypto", ROOT + ".kerberos.replay")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(ROOT + "..")
                .and(not(resideInAnyPackage(ROOT + ".kerberos.crypto", ROOT + ".kerberos.replay"))))
        .check(LIBRARY);
  }

  @Test
  void thePackagesOfKerberosAreAStackWithArrowsOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + ".kerberos..")
        .layer("root")
        .definedBy(ROOT + ".kerberos")
        .layer("doctor")
        .definedBy(ROOT + ".kerberos.doctor")
        .layer("jgss")
        .definedBy(ROOT + ".kerberos.jgss")
        .layer("acceptor")
        .definedBy(ROOT + ".kerberos.acceptor")
        .layer("initiator")
        .definedBy(ROOT + ".kerberos.initiator")
        .layer("token")
        .definedBy(ROOT + ".kerberos.token")
        .layer("kdc")
        .definedBy(ROOT + ".kerberos.kdc")
        .layer("keytab")
        .definedBy(ROOT + ".kerberos.keytab")
        .layer("ccache")
        .definedBy(ROOT + ".kerberos.ccache")
        .layer("wire")
        .definedBy(ROOT + ".kerberos.wire")
        .layer("ticket")
        .definedBy(ROOT + ".kerberos.ticket")
        .layer("caller")
        .definedBy(ROOT + ".kerberos.caller")
        .layer("config")
        .definedBy(ROOT + ".kerberos.config")
        .layer("file")
        .definedBy(ROOT + ".kerberos.file")
        .layer("crypto")
        .definedBy(ROOT + ".kerberos.crypto")
        .layer("replay")
        .definedBy(ROOT + ".kerberos.replay")
        .layer("upkeep")
        .definedBy(ROOT + ".kerberos.upkeep")
        .whereLayer("root")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("doctor")
        .mayOnlyAccessLayers(
            "acceptor",
            "caller",
            "ccache",
            "config",
            "crypto",
            "initiator",
            "kdc",
            "keytab",
            "replay",
            "ticket",
            "token",
            "wire")
        .whereLayer("jgss")
        .mayOnlyAccessLayers(
            "acceptor", "caller", "initiator", "kdc", "keytab", "ticket", "token", "wire")
        .whereLayer("acceptor")
        .mayOnlyAccessLayers(
            "caller", "crypto", "file", "keytab", "replay", "ticket", "token", "upkeep", "wire")
        .whereLayer("initiator")
        .mayOnlyAccessLayers(
            "ccache", "config", "crypto", "file", "kdc", "keytab", "ticket", "token", "upkeep",
            "wire")
        .whereLayer("token")
        .mayOnlyAccessLayers("caller", "crypto", "kdc", "ticket", "wire")
        .whereLayer("kdc")
        .mayOnlyAccessLayers("config", "crypto", "ticket", "wire")
        .whereLayer("keytab")
        .mayOnlyAccessLayers("crypto", "file", "ticket")
        .whereLayer("ccache")
        .mayOnlyAccessLayers("ticket", "file", "crypto")
        .whereLayer("wire")
        .mayOnlyAccessLayers("ticket")
        .whereLayer("ticket")
        .mayOnlyAccessLayers("crypto")
        .whereLayer("caller")
        .mayOnlyAccessLayers("crypto")
        .whereLayer("config")
        .mayNotAccessAnyLayer()
        .whereLayer("file")
        .mayNotAccessAnyLayer()
        .whereLayer("crypto")
        .mayNotAccessAnyLayer()
        .whereLayer("replay")
        .mayNotAccessAnyLayer()
        .whereLayer("upkeep")
        .mayNotAccessAnyLayer()
        .check(LIBRARY);
  }

  @Test
  void thePackagesOfMutualTlsAreAStackWithArrowsOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + ".mtls..")
        .layer("root")
        .definedBy(ROOT + ".mtls")
        .layer("forwarded")
        .definedBy(ROOT + ".mtls.forwarded")
        .layer("spiffe")
        .definedBy(ROOT + ".mtls.spiffe")
        .layer("development")
        .definedBy(ROOT + ".mtls.development")
        .layer("source")
        .definedBy(ROOT + ".mtls.source")
        .layer("upkeep")
        .definedBy(ROOT + ".mtls.upkeep")
        .layer("pem")
        .definedBy(ROOT + ".mtls.pem")
        .layer("der")
        .definedBy(ROOT + ".mtls.der")
        .whereLayer("root")
        .mayOnlyBeAccessedByLayers("spiffe")
        .whereLayer("spiffe")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("spiffe")
        .mayOnlyAccessLayers("root", "source", "upkeep", "pem", "der")
        .whereLayer("development")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("development")
        .mayNotAccessAnyLayer()
        .whereLayer("forwarded")
        .mayOnlyAccessLayers("pem", "der")
        .whereLayer("source")
        .mayOnlyAccessLayers("upkeep", "pem")
        .whereLayer("pem")
        .mayOnlyAccessLayers("der")
        .whereLayer("upkeep")
        .mayNotAccessAnyLayer()
        .whereLayer("der")
        .mayNotAccessAnyLayer()
        .check(LIBRARY);
  }

  @Test
  void evidenceOfServletRequestsKnowsNoContainerAndNotTheFilter() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".jakarta.evidence")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache..", "org.eclipse..", ROOT + ".jakarta")
        .check(LIBRARY);
  }

  @Test
  void onlyTheirRoomsKnowGrpcAndTokensAndNeitherIsInTheirPublicTypes() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".mtls.spiffe")
        .or()
        .arePublic()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
        .check(LIBRARY);
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".mtls.spiffe", ROOT + ".k8s.token")
        .or()
        .arePublic()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .check(LIBRARY);
  }

  /** Of our own classes: those of the JDK reach each other everywhere. */
  private static boolean isAmbient(JavaClass type) {
    return type.getPackageName().startsWith(ROOT)
        && (usesJaasOrGss(type)
            || Stream.concat(
                    type.getMethodCallsFromSelf().stream(),
                    type.getMethodReferencesFromSelf().stream())
                .anyMatch(used -> isSetting(used.getTargetOwner().getName(), used.getName())));
  }

  private static boolean isSetting(String owner, String method) {
    return switch (owner) {
      case "java.lang.System" -> method.matches(".*Propert.*|getenv");
      case "java.lang.Boolean", "java.lang.Integer", "java.lang.Long" ->
          method.matches("get(Boolean|Integer|Long)");
      case "java.security.Security" -> method.matches(".*Property");
      default -> false;
    };
  }

  private static boolean usesJaasOrGss(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(
            used ->
                used.getTargetClass()
                        .getPackageName()
                        .matches("(javax\\.security\\.auth|org\\.ietf|org\\.apache\\.kerby).*")
                    // A table of names, which neither reads nor sets anything.
                    && !used.getTargetClass().getSimpleName().equals("KrbErrorCode"));
  }

  @Test
  void theApiDependsOnTheJdkAlone() {
    noClasses()
        .that(
            resideInAPackage(ROOT + "..")
                .and(
                    describe(
                        "are of the API",
                        (JavaClass type) ->
                            !type.getPackageName()
                                .matches(
                                    ".*\\.(kerberos|mtls|k8s|jakarta|spring|testkit|cli)(\\..*)?"))))
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("java..", "javax..", ROOT + "..", "org.jspecify..")
        .check(LIBRARY);
  }

  @Test
  void noStaticFieldCanBeAssignedAgain() {
    fields().that().areStatic().should().beFinal().check(LIBRARY);
  }

  @Test
  void noMethodAndNoBlockIsSynchronized() throws IOException {
    methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED).check(LIBRARY);
    // A class file that is read for its dependencies does not tell of blocks, so the sources do.
    try (Stream<Path> files = Files.walk(Path.of("../.."))) {
      assertThat(
              files
                  .filter(file -> file.toString().matches(".*/src/main/.*\\.java"))
                  .filter(file -> contains(file, "synchronized (")))
          .isEmpty();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Test
  void timeComesFromAnInjectedClock() {
    noClasses()
        .should()
        .callMethodWhere(target(name("now")).and(target(owner(resideInAPackage("java.time..")))))
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callConstructor(Date.class)
        .check(LIBRARY);
  }

  @Test
  void nothingIsAmbientButTheProgramItself() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".cli.Main")
        .should()
        .callMethod(System.class, "setProperty", String.class, String.class)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .orShould()
        .callMethodWhere(target(name("sleep")).and(target(owner(type(Thread.class)))))
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(LIBRARY);
  }

  @Test
  void publicClassesAreFinalOrSealedOrRecordsOrInterfaces() {
    classes()
        .that()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .and(not(describe("are sealed", ArchitectureTest::isSealed)))
        .should(beFinal())
        .check(LIBRARY);
  }

  /** A final class is not loaded: what it extends may be on no class path here. */
  private static boolean isSealed(JavaClass type) {
    return !type.getModifiers().contains(JavaModifier.FINAL) && type.reflect().isSealed();
  }

  @Test
  void namesSayWhatIsSpecialExceptWhereTheJdkGivesThem() {
    noClasses()
        .that()
        .areNotAssignableTo(KeyManager.class)
        .and()
        .areNotAssignableTo(TrustManager.class)
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameStartingWith("Default")
        .orShould()
        .haveSimpleNameStartingWith("Abstract")
        .check(LIBRARY);
  }
}
