# Puts a folder on the path of this user, or takes it off: path.ps1 add|remove FOLDER
param([string]$What, [string]$Folder)
$path = [Environment]::GetEnvironmentVariable('Path', 'User')
$others = @($path -split ';' | Where-Object { $_ -ne '' -and $_ -ne $Folder })
$next = if ($What -eq 'add') { $others + $Folder } else { $others }
[Environment]::SetEnvironmentVariable('Path', ($next -join ';'), 'User')
